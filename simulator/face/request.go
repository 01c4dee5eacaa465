package face

import (
	"net/http"

	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/token"
)

// Request is one request on its way through the skeleton, with what was learned
// so far. The request of a face embeds it.
type Request[W World] struct {
	In     *door.Exchange
	World  W          // zero until the request is placed
	Caller string     // its name in World; "" while unknown
	Auth   token.Auth // how strictly the caller is judged; verify for an unknown caller
	Checks token.Checks
	Facts  []token.Fact // what rules want to know; read before the step
	Plan   token.Plan   // what rules want to happen to the answer; zero before the step
}

// Common is the request itself, for the skeleton.
func (r *Request[W]) Common() *Request[W] { return r }

// Asked is what a face's own request adds to [Request]; F is the face's word for
// no. The methods are called in the order in which they are here, those of one
// request by one goroutine.
type Asked[W World, F Refusal] interface {
	Common() *Request[W]
	// Credential names who sent the request, as the registry lists names; "" is
	// no credential at all.
	Credential() string
	// Admit makes the caller's keys ready, and refuses what this world does not
	// play. The caller may still be unknown.
	Admit() F
	// Verify judges credential and signature. What it refuses is let pass, and
	// is among the checks, where the caller's mode is warn; where it is off
	// nothing is asked. It must refuse when the caller is unknown.
	Verify() F
	// Read decrypts and decodes into the face's own members.
	Read() F
	// Misread notes a request that Read refused: it counts among the attempts.
	Misread()
	// Step hands the call to the engine. An error says that the world ended
	// meanwhile: the request is then placed again from the start.
	Step() (Outcome, error)
	// Problem words what the step refused.
	Problem(p *token.Problem) F
	// Answer words what the step did.
	Answer() (Answer, F)
	// Trouble words what the skeleton itself found wrong.
	Trouble(t Trouble) F
	// Say is a refusal as it goes on the wire.
	Say(refused F) Words
	// Stamp is the header of an answer, with what numbers it.
	Stamp() http.Header
	// End is called when nothing of the request is needed any more.
	End()
}

// Refusal is a face's answer that says no, before it is written; its zero value
// is no refusal.
type Refusal interface {
	comparable
	// Reason is what the journal says: the documented key that the answer is, or
	// the raw reason of the wire, and a sentence that is never sent.
	Reason() (key token.Key, detail string)
}

// Outcome is what the step says to the skeleton.
type Outcome struct {
	Note    token.Note
	Plan    token.Plan
	Problem *token.Problem // why it refused, nil where it did not
}

// Answer is a success before it is written.
type Answer struct {
	Status int // 0: 200
	Body   any
}

// Words are a refusal as it is written.
type Words struct {
	Status int
	Body   any  // as JSON; nil is an empty body
	Page   bool // an HTML page instead of Body, as a proxy shows it
}
