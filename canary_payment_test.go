package pantomime_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/internal/stage"
)

// mispay sends a number to the acquirer wherever a merchant might, to the right
// credentials and to wrong ones.
func (w *world) mispay(t *testing.T, pan string) {
	t.Helper()
	who := stage.Must(w.admin.Env(t.Context()))(t).Requestors[0].Acquirer
	quoted := string(stage.Must(json.Marshal(pan))(t))
	instrument := func(text string) string {
		return `{"reference":` + quoted + `,"amount":{"value":1,"currency":"EUR"},"previousTransactionId":` + quoted +
			`,"merchant":{"id":` + quoted + `,"category":"5732","country":"DE","descriptor":` + quoted + `},"instrument":` + text + `}`
	}
	paths := acquirer.Routes()
	for i, body := range []string{
		instrument(`{"type":"card","number":` + quoted + `,"expiryMonth":"12","expiryYear":"2039"}`),
		instrument(`{"type":"token","number":` + quoted + `,"expiryMonth":"12","expiryYear":"2039","cryptogram":` + quoted + `,"eci":` + quoted + `}`),
		instrument(`{"type":` + quoted + `,` + quoted + `:1}`),
		`{` + quoted + `:{}}`, quoted, `{"number":` + quoted,
	} {
		for _, key := range []string{who.Key, pan} {
			route := paths[i%len(paths)]
			path := strings.ReplaceAll(route.Path, "{authorizationId}", strings.ReplaceAll(pan, "/", "-"))
			req := stage.Must(http.NewRequestWithContext(t.Context(), http.MethodPost, w.sim.NetworkURL()+acquirer.RouteAuthorize.Path, strings.NewReader(body)))(t)
			if i%2 == 1 {
				req.URL.Path = path
			}
			req.Header.Set("Content-Type", "application/json")
			req.Header.Set(acquirer.IdempotencyHeader, strings.Map(printable, pan))
			req.SetBasicAuth(key, string(who.Secret))
			resp := stage.Must(http.DefaultClient.Do(req))(t)
			_, _ = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
		}
	}
}

// printable leaves out what cannot be in a header.
func printable(r rune) rune {
	if r <= ' ' || r > '~' {
		return -1
	}
	return r
}
