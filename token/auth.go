package token

// Auth says how strictly the signatures of one caller are judged.
type Auth string

// The modes: refuse what does not verify, let it pass but record it, or do
// not look.
const (
	AuthVerify Auth = "verify"
	AuthWarn   Auth = "warn"
	AuthOff    Auth = "off"
)
