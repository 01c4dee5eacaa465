package token

// OriginKind says what kind of thing brought a change about.
type OriginKind string

// The kinds.
const (
	OriginRequest    OriginKind = "request"    // a token requestor asked for it
	OriginOperator   OriginKind = "operator"   // somebody at the control door acted for the issuer
	OriginActivation OriginKind = "activation" // the delay until a token is active was over
	OriginTimeline   OriginKind = "timeline"   // the scenario says that it follows something else
)

// Work says whether what a request asked for was done, whatever answer left.
type Work string

// What became of it.
const (
	WorkDone    Work = "done"
	WorkNotDone Work = "not done"
)
