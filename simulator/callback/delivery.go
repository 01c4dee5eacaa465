// Package callback looks after notices to token requestors: deliveries that
// are scheduled, attempted, retried and logged, and the sender that carries
// them out under the target rules.
//
// It renders nothing itself (see [Renderer]) and changes no token.
package callback

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// State is the state of a delivery.
type State string

// The states. Scheduled, Sending and Held are pending; the others are final
// until somebody resends.
const (
	Scheduled State = "scheduled"
	Held      State = "held"      // waits to be sent after the next one (reorder)
	Sending   State = "sending"   // an attempt is in progress
	Delivered State = "delivered" // answered 2xx
	Failed    State = "failed"    // the last retry failed too
	Unrouted  State = "unrouted"  // the requestor has no target
	Withheld  State = "withheld"  // a scenario said never
)

// States lists all of them, in the order in which a delivery goes through them.
func States() []State {
	return []State{Scheduled, Held, Sending, Delivered, Failed, Unrouted, Withheld}
}

// Pending reports whether the delivery may still leave by itself.
func (s State) Pending() bool { return s == Scheduled || s == Held || s == Sending }

// Delivery is one notice on its way to one requestor. Deliveries are values:
// a changed one is put in place whole.
type Delivery struct {
	ID       string       // 32 hex digits; stays the same over attempts
	Event    *token.Event // as it was when it happened; shared, never changed
	Target   string       // base URL, "" when unrouted
	State    State
	Due      time.Time // sandbox time of the next attempt
	Seq      uint64    // order among deliveries due at the same instant
	Attempts []Attempt
	Tries    int // attempts in the present round; a resend starts a new round
}

// Attempt is what happened once. It holds no body, so a log of attempts holds
// no card data.
type Attempt struct {
	N      int           `json:"n"`
	At     time.Time     `json:"at"`             // sandbox time
	URL    string        `json:"url"`            // query values but kind and API key are *
	Status int           `json:"status"`         // 0 when no answer came
	Error  string        `json:"error"`          // why no answer came
	Took   time.Duration `json:"tookNs"`         // wall time
	Next   time.Time     `json:"next,omitzero"`  // when it will be tried again
	Body   string        `json:"body,omitempty"` // what was sent, masked and decrypted
	Final  bool          `json:"-"`              // another one would fail alike, as the target is forbidden
}

// ok reports whether the receiver took the notice.
func (a Attempt) ok() bool { return a.Status >= 200 && a.Status < 300 }

// Policy is how often and how long to try.
type Policy struct {
	Retry   []time.Duration // pauses before each retry, sandbox time
	Timeout time.Duration   // wall time one attempt may take
	Strict  bool            // notices of a token wait until the one before was accepted or has failed for good
}

// DefaultPolicy retries after 1, 5 and 30 minutes and waits ten seconds for an
// answer (docs/wire/vts.md "Notifications"; assumed, neither network publishes one).
func DefaultPolicy() Policy {
	return Policy{Retry: []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute}, Timeout: 10 * time.Second}
}

// Try is what a renderer gets besides the event.
type Try struct {
	Delivery string // the delivery's id
	N        int    // attempt, from 1
	Target   string // base URL to render for
}

// Request is a rendered notice, ready to be sent. Masked is the body as a
// person may read it: decrypted, numbers masked.
type Request struct {
	Method string
	URL    string
	Header http.Header
	Body   []byte
	Masked string
}

// Worker is a party whose events are no notices but work that it does itself, in
// the order and at the time of the queue: what a token requestor does in the
// background. It is tried again as a notice is.
type Worker interface {
	Work(ctx context.Context, ev token.Event) error
}

// Work reports whether a delivery is work; see [Worker].
func (d *Delivery) Work() bool { return slices.Contains(token.WorkTypes(), d.Event.Type) }

// Renderer turns an event into a request, signed and encrypted again at each
// attempt. The network faces implement it.
type Renderer interface {
	Render(ev token.Event, try Try) (Request, error)
}
