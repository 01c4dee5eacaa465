package harness

import (
	"time"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/token"
)

// Target describes one implementation under test: where it listens, who calls
// it, with which cards, and what it can do. Read it with [LoadTarget].
type Target struct {
	Version    int         `json:"version" yaml:"version"` // of the form; 1
	Name       string      `json:"name,omitempty" yaml:"name"`
	Visa       *Visa       `json:"visa,omitempty" yaml:"visa"`
	Mastercard *Mastercard `json:"mastercard,omitempty" yaml:"mastercard"`
	Notices    *Notices    `json:"notices,omitempty" yaml:"notices"` // nil: it sends no notices here
	Control    Control     `json:"control" yaml:"control"`
	Timeouts   Timeouts    `json:"timeouts,omitzero" yaml:"timeouts"`
}

// Visa is a target of the suite vts.
type Visa struct {
	URL           string     `json:"url" yaml:"url"` // in front of /vts
	TRID          token.TRID `json:"trid" yaml:"trid"`
	ClientAppID   string     `json:"clientAppId,omitempty" yaml:"clientAppId"`
	WalletAccount string     `json:"walletAccount,omitempty" yaml:"walletAccount"`
	Signing       KeyPair    `json:"signing" yaml:"signing"`
	Encryption    *KeyPair   `json:"encryption,omitempty" yaml:"encryption"` // nil: Signing
	Outbound      *KeyPair   `json:"outbound,omitempty" yaml:"outbound"`     // signs notices; nil: they come unsigned
	Other         *Visa      `json:"other,omitempty" yaml:"other"`           // a second requestor; its cards are not used
	Created       int        `json:"created,omitempty" yaml:"created"`       // status of enrol and provision; 0: 200 or 201
	Cards         Cards      `json:"cards,omitzero" yaml:"cards"`
}

// KeyPair is an API key with its shared secret, used as UTF-8 text.
type KeyPair struct {
	APIKey string         `json:"apiKey" yaml:"apiKey"`
	Secret control.Hidden `json:"secret" yaml:"secret"`
}

// Mastercard is a target of the suite mdes. Keys and certificates are PEM
// texts; a target file may name files instead.
type Mastercard struct {
	URL          string     `json:"url" yaml:"url"` // in front of /digitization, ends in /mdes
	Environment  string     `json:"environment,omitempty" yaml:"environment"`
	TRID         token.TRID `json:"trid" yaml:"trid"`
	ResponseHost string     `json:"responseHost,omitempty" yaml:"responseHost"`
	ConsumerKey  string     `json:"consumerKey" yaml:"consumerKey"`

	SigningKey            control.Hidden `json:"signingKey" yaml:"signingKey"`
	EncryptionCertificate string         `json:"encryptionCertificate" yaml:"encryptionCertificate"` // the network's
	DecryptionKey         control.Hidden `json:"decryptionKey" yaml:"decryptionKey"`                 // the requestor's
	DecryptionCertificate string         `json:"decryptionCertificate,omitempty" yaml:"decryptionCertificate"`

	Other       *Mastercard `json:"other,omitempty" yaml:"other"` // a second requestor; its cards are not used
	ErrorStatus int         `json:"errorStatus,omitempty" yaml:"errorStatus"`

	ErrorStatuses map[string]int `json:"errorStatuses,omitempty" yaml:"errorStatuses"` // of single codes, instead of ErrorStatus

	Cards Cards `json:"cards,omitzero" yaml:"cards"`
}

// Cards are the test cards of a network by role. What is left out is taken
// from the published test numbers that Pantomime knows.
type Cards struct {
	Expiry   token.Expiry         `json:"expiry,omitzero" yaml:"expiry"`      // of all of them; default 12/39
	Success  []Number             `json:"success,omitempty" yaml:"success"`   // tokens are given; none: synthetic test numbers
	Declined []Number             `json:"declined,omitempty" yaml:"declined"` // the issuer declines
	StepUp   []Number             `json:"stepUp,omitempty" yaml:"stepUp"`     // the issuer wants the cardholder checked
	Delayed  []Number             `json:"delayed,omitempty" yaml:"delayed"`   // tokens become active only after Activation
	Ruled    []Number             `json:"ruled,omitempty" yaml:"ruled"`       // a rule of the driver can be about them
	Keys     map[token.Key]Number `json:"keys,omitempty" yaml:"keys"`         // provisioning answers a documented key
	Unlisted Number               `json:"unlisted,omitempty" yaml:"unlisted"` // a number the target refuses as no test number
	// Activation is how long a token of a delayed card stays inactive.
	Activation control.Duration `json:"activation,omitempty" yaml:"activation"`
}

// Number is a test card's number, or "test/visa/1", the name of a listed one. It
// prints masked; JSON carries it, because files and drivers need it.
type Number string

// String masks the number.
func (n Number) String() string { return token.Scrub(string(n)) }

// GoString masks the number in %#v.
func (n Number) GoString() string { return n.String() }

// Notices says where the target sends notices: the suite listens there.
type Notices struct {
	Listen string `json:"listen" yaml:"listen"` // host:port
}

// ControlKind says what plays the operator of the target.
type ControlKind string

// The kinds: Pantomime's admin API, a command of yours, nothing.
const (
	ControlAdmin ControlKind = "admin"
	ControlHook  ControlKind = "hook"
	ControlNone  ControlKind = "none"
)

// Control names the driver that does what only the target's operator can do.
type Control struct {
	Kind    ControlKind    `json:"kind" yaml:"kind"`
	URL     string         `json:"url,omitempty" yaml:"url"` // admin: the control door
	Sandbox string         `json:"sandbox,omitempty" yaml:"sandbox"`
	Token   control.Hidden `json:"token,omitempty" yaml:"token"`
	Command []string       `json:"command,omitempty" yaml:"command"` // hook: program and arguments
}

// Timeouts bound what a check waits for, in wall time.
type Timeouts struct {
	Call   control.Duration `json:"call,omitempty" yaml:"call"`     // one request; default 30s
	Notice control.Duration `json:"notice,omitempty" yaml:"notice"` // a notice that is due; default 10s
}

// CallTime is the time one request may take.
func (t Timeouts) CallTime() time.Duration { return orDefault(t.Call, 30*time.Second) }

// Due is the time a notice may take once it is due.
func (t Timeouts) Due() time.Duration { return orDefault(t.Notice, 10*time.Second) }

func orDefault(d control.Duration, fallback time.Duration) time.Duration {
	if d == 0 {
		return fallback
	}
	return time.Duration(d)
}
