package vts

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// PayToken is a header value taken apart.
type PayToken struct {
	Form      string // [FormXV2] or [FormX]
	Timestamp string // digits as sent; they are what was hashed
	At        time.Time
	Hash      string // 64 lower-case hex digits
}

func skew(t PayToken, now time.Time, window time.Duration) token.Check {
	if window == 0 {
		window = Window
	}
	if now.Sub(t.At).Abs() <= window {
		return token.Check{}
	}
	off := now.Unix() - t.At.Unix() // a Duration holds 292 years, which milliseconds taken for seconds exceed
	limit, seconds := strconv.Itoa(int(window/time.Second)), strconv.FormatInt(max(off, -off), 10)
	check := token.Check{
		Name:       CheckTimestamp,
		Expected:   "within " + limit + " s of " + strconv.FormatInt(now.Unix(), 10),
		Received:   t.Timestamp,
		Difference: seconds + " s in the past",
		Hint:       "the token is too old: sign each request again, also when retrying, and check the client's clock",
	}
	if off < 0 {
		check.Difference = seconds + " s in the future"
		check.Hint = "check the client's clock; the timestamp is Unix time in UTC"
	}
	if len(t.Timestamp) >= 13 {
		check.Hint = "the timestamp looks like milliseconds; whole seconds are expected"
	}
	return check
}

// ParsePayToken takes one header value apart. The error is [ErrPayToken] with
// what was expected.
func ParsePayToken(value string) (PayToken, error) {
	t, refused := parse([]string{value}, true)
	if refused.Name != "" {
		return PayToken{}, fmt.Errorf("%w: %s: expected %s", ErrPayToken, refused.Name, refused.Expected)
	}
	return t, nil
}

// parse finds form, timestamp and hash; the check's name is empty when they
// are well formed.
func parse(values []string, allowX bool) (PayToken, token.Check) {
	if len(values) != 1 {
		return PayToken{}, token.Check{
			Name: CheckPayToken, Expected: "exactly one header", Received: strconv.Itoa(len(values)) + " headers",
		}
	}
	parts := strings.Split(values[0], ":")
	if len(parts) != 3 || len(values[0]) > 100 {
		return PayToken{}, token.Check{
			Name: CheckPayToken, Expected: "three parts, version:timestamp:hash, at most 100 characters",
			Received: strconv.Itoa(len(parts)) + " parts, " + strconv.Itoa(len(values[0])) + " characters",
		}
	}
	t := PayToken{Form: parts[0], Timestamp: parts[1], Hash: parts[2]}
	if refused := checkForm(t, allowX); refused.Name != "" {
		return PayToken{}, refused
	}
	seconds, err := strconv.ParseInt(t.Timestamp, 10, 64)
	if err != nil || !token.Digits(t.Timestamp) || len(t.Timestamp) > 15 {
		return PayToken{}, token.Check{
			Name: CheckPayToken, Expected: "a timestamp of digits, Unix time in seconds",
			Received: strconv.Itoa(len(t.Timestamp)) + " characters that are no such number",
		}
	}
	t.At = time.Unix(seconds, 0)
	if len(t.Hash) != 64 || !lowerHex(t.Hash) {
		return PayToken{}, hashForm(t.Hash)
	}
	return t, token.Check{}
}

func checkForm(t PayToken, allowX bool) token.Check {
	if t.Form == FormXV2 || t.Form == FormX && allowX {
		return token.Check{}
	}
	check := token.Check{Name: CheckVersion, Expected: FormXV2, Received: "another version"}
	if t.Form == FormX {
		check.Received = FormX
		check.Hint = "the older form x is switched off; sign with xv2, an HMAC"
	}
	if allowX {
		check.Expected = FormXV2 + " or " + FormX
	}
	return check
}

func hashForm(sum string) token.Check {
	check := token.Check{
		Name: CheckPayToken, Expected: "a hash of 64 lower-case hex digits",
		Received: strconv.Itoa(len(sum)) + " characters",
	}
	switch lower := strings.ToLower(sum); {
	case len(sum) == 64 && lowerHex(lower):
		check.Difference, check.Hint = "upper-case digits", "write the hash in lower case"
	case len(sum) == 43 || len(sum) == 44:
		check.Hint = "the hash looks like base64; lower-case hex is expected"
	}
	return check
}
