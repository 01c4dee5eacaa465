package recording

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/mdes"
	mdesserver "github.com/pantomime-dev/pantomime/mdes/server"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/token"
)

// mastercardCall is a good request but for what a row of the table changes.
type mastercardCall struct {
	method, path, body string
	address            string // before the path
	consumer           string
	alter              func(*http.Request) // after signing
}

// wrongAtMastercard are ten requests at Mastercard's face.
func wrongAtMastercard() []wrong {
	return []wrong{
		atMastercard("unsigned", func(_ client, r *mastercardCall) {
			r.alter = func(req *http.Request) { req.Header.Del("Authorization") }
		}),
		atMastercard("unknown consumer key", func(_ client, r *mastercardCall) {
			r.consumer = strings.Repeat("u", 48) + "!" + strings.Repeat("0", 48)
		}),
		atMastercard("body changed after signing", func(_ client, r *mastercardCall) {
			r.alter = func(req *http.Request) {
				changed := []byte(strings.Replace(r.body, "task-nobody-made", "task-nobody-said", 1))
				req.Body = io.NopCloser(bytes.NewReader(changed))
			}
		}),
		atMastercard("wrong path", func(_ client, r *mastercardCall) { r.path = "/digitization/mtf/1/0/nothing" }),
		atMastercard("wrong method", func(_ client, r *mastercardCall) { r.method = http.MethodPut }),
		atMastercard("missing field", func(_ client, r *mastercardCall) { r.body = `{"requestId":"recording"}` }),
		atMastercard("another TRID", func(_ client, r *mastercardCall) { r.body = task("59999999999") }),
		atMastercard("unknown taskId", func(client, *mastercardCall) {}),
		atMastercard("unknown sandbox", func(_ client, r *mastercardCall) { r.address = "/s/nowhere" }),
		atMastercard("body too large", func(_ client, r *mastercardCall) {
			r.body = `{"requestId":"` + strings.Repeat("x", door.MaxBody) + `"}`
		}),
	}
}

func atMastercard(name string, change func(client, *mastercardCall)) wrong {
	return wrong{name, func(t *testing.T, c client) *http.Request {
		t.Helper()
		return c.mastercard(t, func(r *mastercardCall) { change(c, r) })
	}}
}

// task asks for an unknown task.
func task(trid token.TRID) string {
	return fmt.Sprintf(`{"requestId":"recording","tokenRequestorId":%q,"taskId":"task-nobody-made"}`, trid)
}

// mastercard signs and makes the request, by default one for an unknown task.
func (c client) mastercard(t *testing.T, change func(*mastercardCall)) *http.Request {
	t.Helper()
	r := mastercardCall{
		method: mdes.RouteGetTaskStatus.Method, path: mdes.RouteGetTaskStatus.In(mdes.MTF).Path,
		body: task(c.TRID[token.Mastercard]), consumer: string(mdesserver.KeysOf(c.Requestor).ConsumerKey),
	}
	change(&r)
	req := request(t, r.method, c.sim.NetworkURL()+r.address+"/mdes"+r.path, r.body)
	signer := mdes.Signer{ConsumerKey: mdes.ConsumerKey(r.consumer), Key: mdesserver.KeysOf(c.Requestor).Signing.Private, Wall: c.wall}
	if err := signer.Sign(req, []byte(r.body)); err != nil {
		t.Fatal(err)
	}
	if r.alter != nil {
		r.alter(req)
	}
	return req
}
