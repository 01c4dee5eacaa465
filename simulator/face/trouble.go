package face

import (
	"net/http"
	"strconv"

	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/token"
)

// The names of the checks that the skeleton records at every face.
const (
	CheckRoute   = "route"
	CheckSandbox = "sandbox"
	CheckSize    = "body size"
	CheckFraming = "body framing"
)

// Kind is what the skeleton found wrong before the step, or in its place.
type Kind int

// The kinds.
const (
	NoWorld    Kind = iota // the address names no world; Status 404
	Foreign                // address and credential name different worlds
	TooLarge               // the body is over the limit; Status 413
	Unreadable             // the body ended before its framing said so; Status 400
	Missing                // no operation has the path (Status 404) or the method (405)
	Outage                 // the service fails: Status 429, 500, 503 or 504
	Broken                 // a fault of our own; Status 500
)

// Trouble is what the skeleton found wrong. The face words it, and records Check
// as it is or with words of its own; one without a name is not recorded.
type Trouble struct {
	Kind   Kind
	Status int    // usual HTTP status; 0 where the face knows better
	Detail string // for a person
	Check  token.Check
}

// noWorld says that an address, which is ours alone, leads nowhere.
func noWorld(id string) *Trouble {
	return &Trouble{Kind: NoWorld, Status: http.StatusNotFound, Detail: "there is no sandbox " + door.Quoted(id), Check: token.Check{
		Name: CheckSandbox, Expected: "the id of a sandbox that exists", Received: door.Quoted(id), Hint: door.AddressHint,
	}}
}

func foreign(addressed, owner, credential string) *Trouble {
	return &Trouble{Kind: Foreign, Check: token.Check{
		Name: CheckSandbox, Expected: "of the sandbox " + addressed, Received: door.Quoted(credential), Hint: door.AddressHint,
		Difference: "addressed " + strconv.Quote(addressed) + ", the credential belongs to " + strconv.Quote(owner) +
			": address and credential name different sandboxes",
	}}
}

func tooLarge() *Trouble {
	return &Trouble{Kind: TooLarge, Status: http.StatusRequestEntityTooLarge, Detail: "the body is too long", Check: door.TooLarge(CheckSize)}
}

func unreadable(x *door.Exchange) *Trouble {
	return &Trouble{Kind: Unreadable, Status: http.StatusBadRequest, Detail: "the body cannot be read to its end", Check: token.Check{
		Name: CheckFraming, Expected: "a body as long as Content-Length says, or in whole chunks",
		Received: "after " + strconv.Itoa(len(x.Body)) + " bytes: " + token.Scrub(x.Broken.Error()),
	}}
}

// outages are the faults that replace the service, by the status that the
// gateway in front of it answers with. The one for 502 is a page at every face,
// and faults of the socket get an answer that no client sees.
var outages = map[token.Fault]int{
	token.Fault429: http.StatusTooManyRequests, token.Fault500: http.StatusInternalServerError,
	token.Fault503: http.StatusServiceUnavailable, token.Fault504: http.StatusGatewayTimeout,
}
