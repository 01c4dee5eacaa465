package pantomime_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/requestor"
	"github.com/pantomime-dev/pantomime/token"
)

// A token whose deletion is refused is there still: it stays to be deleted and is
// found, and is deleted later. One that is deleted already is done.
func TestRequestor_ARefusedDeletionIsNone(t *testing.T) {
	for n, refusal := range map[token.Network]token.Key{token.Visa: token.NotAllowed, token.Mastercard: token.InvalidTokenStatus} {
		c := openCounter(t, fmt.Sprintf("rules: [{ when: { network: %s, operation: delete }, times: 2, then: { error: %s } }]\n", n, refusal))
		m := c.made(n)
		if _, problem, err := c.shop.Delete(t.Context(), m.Token); err != nil || problem != nil {
			t.Errorf("%s: %+v %v", n, problem, err)
		}
		c.settled(time.Second)
		if f, now := c.shop.Report().Findings, c.again(m); len(c.live()) != 1 || len(now.Deleting) != 1 || len(f) != 1 || f[0].Kind != requestor.NotDeleted || f[0].Settled != "" {
			t.Errorf("%s: refused: live %v, %+v, %+v", n, c.live(), now.Deleting, f)
		}
		c.settled(time.Hour)
		if f, now := c.shop.Report().Findings, c.again(m); len(c.live()) != 0 || len(now.Deleting) != 0 || len(f) != 1 || f[0].Settled == "" {
			t.Errorf("%s: later: live %v, %+v, %+v", n, c.live(), now.Deleting, f)
		}
		m = c.made(n)
		c.act("delete", m.Holds.Ref)
		if now, _, err := c.shop.Delete(t.Context(), m.Token); err != nil || len(now.Deleting) != 0 || len(c.shop.Report().Findings) != 1 {
			t.Errorf("%s: deleted already: %+v %v", n, now, err)
		}
	}
}

// meanwhile is a world in which something happens once, right after whose a token
// is was changed for the first time.
type meanwhile struct {
	requestor.World
	once   sync.Once
	happen func()
}

func (w *meanwhile) Put(key string, value []byte, expect uint64) (uint64, error) {
	number, err := w.World.Put(key, value, expect)
	if strings.HasPrefix(key, "owner/") {
		w.once.Do(w.happen)
	}
	return number, err
}

// Where two payment methods have one token, it stays as long as one of them wants it,
// even if the other gives it up twice at once.
func TestRequestor_KeepsAnothersToken(t *testing.T) {
	c := openCounter(t, "")
	one, other := c.made(token.Visa), c.made(token.Visa)
	if one.Holds.Ref != other.Holds.Ref {
		t.Fatal("they have a token each")
	}
	twice := &meanwhile{World: stage.Must(c.sim.World(""))(t), happen: func() {
		if err := c.shop.FindOut(t.Context(), one.Token); err != nil {
			t.Error(err)
		}
	}}
	if now, err := stage.Must(requestor.At(twice, "shop"))(t).Redact(t.Context(), one.Token); err != nil || len(now.Deleting) != 0 {
		t.Errorf("%+v %v", now, err)
	}
	if live := c.live(); len(live) != 1 || !c.again(other).Holds.Usable() {
		t.Errorf("live %v", live)
	}
}

// Each request to Mastercard has a requestId of its own (docs/wire/mdes.md).
func TestRequestor_NumbersItsRequests(t *testing.T) {
	c := openCounter(t, "")
	m := c.made(token.Mastercard)
	for range 2 {
		if _, problem, err := c.shop.Refresh(t.Context(), m.Token); err != nil || problem != nil {
			t.Fatal(problem, err)
		}
	}
	ids := map[string]string{}
	for _, e := range stage.Must(c.admin.Requests(t.Context(), control.ExchangeQuery{}))(t).Items {
		var body struct {
			RequestID string `json:"requestId"`
		}
		one := stage.Must(c.admin.Request(t.Context(), e.ID))(t)
		if err := json.Unmarshal([]byte(one.Request.Body), &body); err != nil || body.RequestID == "" {
			t.Errorf("%s %s: %v", e.ID, e.Operation, err)
		}
		if before := ids[body.RequestID]; before != "" {
			t.Errorf("%s and %s %s have one requestId", before, e.ID, e.Operation)
		}
		ids[body.RequestID] = e.ID
	}
	if len(ids) < 4 {
		t.Errorf("only %v", ids)
	}
}
