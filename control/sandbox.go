package control

import (
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// Health answers /healthz, the one path that never asks for a token.
type Health struct {
	Status  string `json:"status"` // "ok"
	Version string `json:"version"`
}

// Sandbox is one isolated world.
type Sandbox struct {
	ID         string      `json:"id"`
	Seed       uint64      `json:"seed"`
	BaseURL    BaseURL     `json:"baseUrl"`
	Clock      Clock       `json:"clock"`
	Requestors []Requestor `json:"requestors"`
	Cards      int         `json:"cards"`
	Tokens     int         `json:"tokens"`
	Changes    uint64      `json:"changes"` // length of the sandbox's log

	CreateStatus int `json:"createStatus"` // HTTP status of enrolling and provisioning at Visa
	ErrorStatus  int `json:"errorStatus"`  // HTTP status of the service's errors at Mastercard

	ErrorStatuses map[token.Key]int `json:"errorStatuses,omitempty"` // the same for single codes of its wire
}

// Requestor is a token requestor without its secrets, which are in [Env].
type Requestor struct {
	Name        string                       `json:"name"`
	TRID        map[token.Network]token.TRID `json:"trid"`
	Auth        string                       `json:"auth"` // verify, warn or off
	Activation  *Duration                    `json:"activation,omitempty"`
	Notify      map[token.Network]string     `json:"notify,omitempty"`
	APIKey      string                       `json:"apiKey"`      // Visa, signing
	ConsumerKey string                       `json:"consumerKey"` // Mastercard
	AcquirerKey string                       `json:"acquirerKey"`
}

// Clock reports a sandbox's time and what happens next.
type Clock struct {
	Mode    string    `json:"mode"` // system or manual
	Now     time.Time `json:"now"`
	Planned []Planned `json:"planned,omitempty"` // the next actions, at most 20
	Actions int       `json:"actions"`           // planned in all
	Pending int       `json:"pending"`           // notices that may still leave by themselves

	// NextNotice is the scheduled one that is due first. Notices may be pending
	// without any: one is on its way, or waits for another to take precedence over it.
	NextNotice *NextNotice `json:"nextNotice,omitempty"`

	Asked []Asked `json:"asked,omitempty"` // requests that wait for the endpoint of an issuer; an advance waits for them
}

// Asked is a request whose issuer's endpoint has not answered yet.
type Asked struct {
	ID        string          `json:"id"` // of the inquiry, as the endpoint got it
	Issuer    string          `json:"issuer"`
	Operation token.Operation `json:"operation"`
	Requestor string          `json:"requestor"`
	At        time.Time       `json:"at"` // sandbox time
}

// NextNotice is a notice that will leave by itself.
type NextNotice struct {
	Due       time.Time       `json:"due"` // sandbox time
	ID        string          `json:"id"`
	Event     token.EventType `json:"event"`
	Requestor string          `json:"requestor"`
	Attempt   int             `json:"attempt"` // which it will be, from 1
}

// Planned is something that will happen by itself.
type Planned struct {
	Due   time.Time       `json:"due"`
	Do    string          `json:"do"`
	By    token.Suspender `json:"by,omitempty"`
	Token token.Ref       `json:"token,omitempty"`
	Card  string          `json:"card,omitempty"`
	Cause string          `json:"cause"` // "activation" or "timeline 3"
}

// Advance moves a sandbox's clock; exactly one of By and To is given.
type Advance struct {
	By      *Duration  `json:"by,omitempty"`
	To      *time.Time `json:"to,omitempty"`
	Timeout *Duration  `json:"timeout,omitempty"` // wall time to wait for receivers; 30s when absent
}

// Settlement says how an advance ended.
type Settlement struct {
	From    time.Time `json:"from"`
	Now     time.Time `json:"now"`           // the time of the clock
	Settled bool      `json:"settled"`       // everything due by then has happened and was answered
	Why     string    `json:"why,omitempty"` // when not settled
	Actions int       `json:"actions"`       // planned actions carried out
	Sent    int       `json:"sent"`          // delivery attempts made
	Left    int       `json:"left"`          // notices still pending, later retries included
}
