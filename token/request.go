package token

// RequestPart is a part of a request that rules may look into.
type RequestPart string

// The parts. Body members are named by dotted path.
const (
	PartHeader RequestPart = "header"
	PartQuery  RequestPart = "query"
	PartBody   RequestPart = "body"
)
