package vault

import (
	"strings"

	"github.com/pantomime-dev/pantomime/token"
)

// network is all that one network does otherwise than another with what the
// vault holds (docs/wire/vts.md and docs/wire/mdes.md, "Identifiers", "Test
// data" and "Life cycle").
type network struct {
	bin       string // leading digits of the token numbers handed out: a range that public sandboxes show
	tokenRefs string // what token references begin with
	cardRefs  string // what enrolment handles begin with
	par       func(derived string) token.PAR
	moves     []move // what is not listed is refused
}

// networks has an entry for each network played.
var networks = map[token.Network]network{
	token.Visa: {
		bin: "489537",
		par: func(derived string) token.PAR { return token.PAR("V001" + strings.ToUpper(derived)) },
		moves: []move{
			{token.Inactive, Activate, "", activate},
			{token.Inactive, Deactivate, "", deactivate},
			{token.Active, Suspend, "", suspend},
			{token.Active, Deactivate, "", deactivate},
			{token.Suspended, Suspend, token.ByIssuer, suspendNew},
			{token.Suspended, Resume, token.ByIssuer, resumeAll},
			{token.Suspended, Resume, "", resumeUnlessIssuer},
			{token.Suspended, Deactivate, "", deactivate},
		},
	},
	token.Mastercard: {
		bin: "520424", tokenRefs: "DWSPMC0000000001", cardRefs: "FWSPMC0000000001",
		par: func(derived string) token.PAR { return token.PAR("5001" + derived) },
		moves: []move{
			{token.Inactive, Activate, token.ByIssuer, activate},
			{token.Inactive, Deactivate, "", deactivate},
			{token.Active, Suspend, "", suspend},
			{token.Active, Deactivate, "", deactivate},
			{token.Suspended, Suspend, "", suspend},
			{token.Suspended, Resume, "", release},
			{token.Suspended, Deactivate, "", deactivate},
		},
	},
}
