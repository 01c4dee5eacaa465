package vts

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"time"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

// Text is a string that some clients send as a JSON number or a boolean
// (docs/wire/vts.md "Encryption" for month and year, "Payment data" for atc).
type Text = wire.Text

// Seconds is a point in time as Unix seconds. It is read from a number or from
// a string of digits and written as a number, as notices do
// (docs/wire/vts.md "Notifications"). Requests carry dates as [Text].
type Seconds int64

// SecondsOf cuts t to whole seconds.
func SecondsOf(t time.Time) Seconds { return Seconds(t.Unix()) }

// Time is the instant, in UTC.
func (s Seconds) Time() time.Time { return time.Unix(int64(s), 0).UTC() }

// Text is the form requests use.
func (s Seconds) Text() Text { return Text(strconv.FormatInt(int64(s), 10)) }

// UnmarshalJSON takes a whole number, bare or as a string.
func (s *Seconds) UnmarshalJSON(b []byte) error {
	var t Text
	if err := t.UnmarshalJSON(b); err != nil {
		return err
	}
	n, err := strconv.ParseInt(string(t), 10, 64)
	if err != nil {
		return &json.UnmarshalTypeError{Value: "text", Type: reflect.TypeFor[Seconds]()}
	}
	*s = Seconds(n)
	return nil
}

// ExpirationDate is a month of two and a year of four digits. Numbers are read
// too, because one published client sends them.
type ExpirationDate struct {
	Month Text `json:"month"`
	Year  Text `json:"year"`
}

// DateOf gives the wire form of an expiry, nil for an unknown one.
func DateOf(e token.Expiry) *ExpirationDate {
	if e.IsZero() {
		return nil
	}
	return &ExpirationDate{Month: Text(e.MM()), Year: Text(e.YYYY())}
}

// Expiry reads the date; a month sent as the number 7 means "07". The error
// is [token.ErrExpiry].
func (d ExpirationDate) Expiry() (token.Expiry, error) {
	month := string(d.Month)
	if len(month) == 1 {
		month = "0" + month
	}
	if len(d.Year) != 4 {
		return token.Expiry{}, token.ErrExpiry
	}
	return token.ExpiryOf(month, string(d.Year))
}

// TokenStatus is a token's state as the wire spells it
// (docs/wire/vts.md "Life cycle").
type TokenStatus string

// The states; Deleted is final.
const (
	StatusInactive  TokenStatus = "INACTIVE"
	StatusActive    TokenStatus = "ACTIVE"
	StatusSuspended TokenStatus = "SUSPENDED"
	StatusDeleted   TokenStatus = "DELETED"
)

var statuses = map[token.Status]TokenStatus{
	token.Inactive:    StatusInactive,
	token.Active:      StatusActive,
	token.Suspended:   StatusSuspended,
	token.Deactivated: StatusDeleted,
}

// StatusOf gives the wire's spelling of a state, "" for none.
func StatusOf(s token.Status) TokenStatus { return statuses[s] }

// Status reads the wire's spelling.
func (s TokenStatus) Status() (token.Status, error) {
	for status, wire := range statuses {
		if wire == s {
			return status, nil
		}
	}
	return "", fmt.Errorf("token status %q: accepted are INACTIVE, ACTIVE, SUSPENDED, DELETED", string(s))
}

var (
	lowerHex  = wire.Only("09", "af")
	requestID = wire.Only("09", "az", "AZ", "-")
)

// ValidID reports whether s has the form of the ids that the service gives
// out: 32 lower-case hex digits (docs/wire/vts.md "Identifiers").
func ValidID(s string) bool { return len(s) == 32 && lowerHex(s) }

// ValidRequestID reports whether s may be an x-request-id: 1 to 36 letters,
// digits and dashes (docs/wire/vts.md "Transport").
func ValidRequestID(s string) bool { return s != "" && len(s) <= 36 && requestID(s) }
