package pantomime_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/requestor"
	"github.com/pantomime-dev/pantomime/token"
)

// Nothing that can be read at the control door, in the log or of a payment method
// itself shows a number that an account keeps, of a card or of a token.
func TestRequestor_ShowsNoNumber(t *testing.T) {
	var log bytes.Buffer
	c := openCounterWith(t, "rules: [{ when: { operation: provision, attempt: 1 }, then: { fault: drop-response } }]\n", func(o *pantomime.Options) {
		o.Logger = slog.New(slog.NewTextHandler(&log, nil))
	})
	var secrets []string
	shown := &strings.Builder{}
	for _, n := range token.Networks() {
		m := c.stored(n)
		fmt.Fprintf(shown, "%+v", c.provision(m))
		c.settled(time.Hour)
		fmt.Fprintf(shown, "%+v", c.pays(m, requestor.AbilityPurchase))
		c.act("suspend", c.again(m).Holds.Ref)
		m = c.again(m)
		fmt.Fprintf(shown, "%+v %#v %+v", m, m, *m.Holds)
		secrets = append(secrets, c.cards[n].Number, m.Holds.Number.Digits())
	}
	paths := []string{"requests?limit=1000", "callbacks?limit=1000", "journal", "accounts", "accounts/shop", "accounts/shop/report", "tokens", "cards", "sandboxes"}
	for _, e := range stage.Must(c.admin.Requests(t.Context(), control.ExchangeQuery{Limit: 1000}))(t).Items {
		paths = append(paths, "requests/"+e.ID, "requests/"+e.ID+"/explain")
	}
	for _, path := range paths {
		resp := stage.Must(http.Get(c.sim.AdminURL() + "/__admin/v1/" + path))(t)
		body := stage.Must(io.ReadAll(resp.Body))(t)
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			t.Errorf("%s: %d", path, resp.StatusCode)
		}
		shown.Write(body)
	}
	for _, secret := range secrets {
		if len(secret) < 13 || strings.Contains(shown.String()+log.String(), secret) {
			t.Errorf("a number is shown, or there is none: %s", token.Mask(secret))
		}
	}
	if len(paths) < 30 {
		t.Errorf("only %d answers were searched", len(paths))
	}
}
