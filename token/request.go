package token

// RequestPart is a part of a request that rules may look into.
type RequestPart string

// The parts. Body members are named by dotted path.
const (
	PartHeader RequestPart = "header"
	PartQuery  RequestPart = "query"
	PartBody   RequestPart = "body"
)

// What rules may know of one request.
const (
	MaxFacts     = 64      // different values, over all rules of its operation
	MaxFactValue = 4 << 10 // bytes of one value; what is longer is cut
)

// Ask names a value of a request that some rule wants to know: a header, a
// parameter of the query or a member of the body.
type Ask struct {
	Part RequestPart
	Name string
}

// Fact is a value of a request that was asked for, as it was before the step.
// Conditions look at facts, never at the request.
type Fact struct {
	Ask
	Value   string // at most MaxFactValue bytes; "" where the request has no such thing
	Present bool
	Cut     bool // the value was longer, so it equals nothing
}
