package sandbox

import (
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

// network is all that one network does otherwise than another in the step. The
// life cycle and the form of numbers and handles are the vault's to tell.
type network struct {
	ownFault token.Key  // what a fault of our own is to its clients
	trids    string     // the digits its requestor ids begin with
	trid     token.TRID // of the requestor that calls when a scenario names none

	example token.PAN // a number of public examples that is taken though its check digit fails

	cryptograms [2]string // the path to the key of its cryptograms

	waits        bool // a token whose cardholder is to be identified is inactive until then, and its number withheld
	byToken      bool // a card's change is reported for each of its tokens instead of the enrolment
	tellsNumbers bool // a token's new expiry and number are reported, and not just seen by who reads it

	tellsOwn bool // requestors are notified of changes they asked for themselves, unless they want otherwise

	reasons map[token.EventType]string // given for an issuer's act that names none

	choices func(scenarios.Switches) choices
}

// choices are what a sandbox's switches leave to choose at a network.
type choices struct {
	repeat      scenarios.Repeat
	redundant   scenarios.Redundant
	resumesAs   token.Suspender // whom a requestor's resume counts as, "" for whoever it names
	namesCauser bool            // who a request names counts as its causer; else the requestor always does
	activations bool            // activations are reported
	checksCards bool            // issuers compare expiry and security code with those that the scenario gives a card
	tellsMade   scenarios.Made  // new tokens that are reported

	password   string // that identifies a cardholder
	attempts   int    // wrong codes before a method is exhausted
	selections int    // times a method may be chosen
}

// networks has an entry for each network played (docs/wire/vts.md and
// docs/wire/mdes.md, "Life cycle" and "Notifications"; who is notified of own
// changes is assumed).
var networks = map[token.Network]network{
	token.Visa: {
		ownFault: token.ServiceError, trids: "400100", trid: "40010000001", waits: true, tellsOwn: true, cryptograms: [2]string{"visa", "tavv"},
		reasons: map[token.EventType]string{token.AccountClosed: "ACCOUNT_CLOSED"},
		choices: func(s scenarios.Switches) choices {
			v := s.Visa
			c := choices{
				repeat: v.Repeat, redundant: v.Redundant, namesCauser: true, activations: true, tellsMade: v.CreatedNotices, checksCards: v.CheckDetails,
				password: v.StepUpOTP, attempts: v.StepUpAttempts, selections: v.StepUpSelection,
			}
			if v.ResumeIssuers {
				c.resumesAs = token.ByIssuer
			}
			return c
		},
	},
	token.Mastercard: {
		ownFault: token.InternalServerError, trids: "501200", trid: "50120000001", byToken: true, cryptograms: [2]string{"mastercard", "ucaf"}, tellsNumbers: true,
		example: "5123456789012345", // in every specification (docs/wire/mdes.md "Test data")
		reasons: map[token.EventType]string{token.AccountClosed: "ACCOUNT_CLOSED", token.TokenRedigitized: "REDIGITIZATION_COMPLETE"},
		choices: func(s scenarios.Switches) choices {
			m := s.Mastercard
			return choices{repeat: m.Repeat, redundant: m.Redundant, namesCauser: m.CausedBySuspends, activations: m.ActivationNotices, checksCards: m.CheckDetails}
		},
	},
}

// choices are those of the scenario at a network.
func (x *step) choices(n token.Network) choices { return x.script.choices[n] }
