package requestor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/token"
)

// foreignToken is a token that a network reported and that no payment method has.
type foreignToken struct {
	At   time.Time
	Says string
	// Read says that the network was asked for it since it was reported last, and
	// Last4 what it showed of its card.
	Read  bool   `json:",omitempty"`
	Last4 string `json:",omitempty"`
}

func (q *Requestor) heardKey(ref token.Ref) string {
	return "heard/" + q.desk.requestor + "/" + string(ref)
}

// maxHeard bounds the unknown tokens; of more the oldest go, forgetAtOnce together.
const (
	maxHeard     = 1000
	forgetAtOnce = 100
)

// hear records that a network reported a token that no payment method has.
func (q *Requestor) hear(ref token.Ref, says string) error {
	if err := q.forget(); err != nil {
		return err
	}
	raw, err := json.Marshal(foreignToken{At: q.world.Now(), Says: says})
	if err != nil {
		return err
	}
	return q.put(q.heardKey(ref), raw)
}

// heard lists the tokens that networks reported and that no payment method has.
func (q *Requestor) heard() []token.Ref {
	prefix := q.heardKey("")
	var refs []token.Ref
	for _, key := range q.world.Keys(prefix) {
		refs = append(refs, token.Ref(strings.TrimPrefix(key, prefix)))
	}
	return refs
}

// foreign is what is known of an unknown token, and the number of its record.
func (q *Requestor) foreign(ref token.Ref) (f foreignToken, number uint64) {
	raw, number := q.world.Record(q.heardKey(ref))
	_ = json.Unmarshal(raw, &f) // nothing for no record
	return f, number
}

// forgotten counts the unknown tokens that had to make room.
type forgotten struct {
	At time.Time // when it was last
	N  int
}

func (q *Requestor) forgottenKey() string { return "forgotten/" + q.desk.requestor }

// forget makes room for another unknown token.
func (q *Requestor) forget() error {
	refs := q.heard()
	if len(refs) < maxHeard {
		return nil
	}
	at := map[token.Ref]time.Time{}
	for _, ref := range refs {
		f, _ := q.foreign(ref)
		at[ref] = f.At
	}
	slices.SortStableFunc(refs, func(a, b token.Ref) int { return at[a].Compare(at[b]) })
	for _, ref := range refs[:forgetAtOnce] {
		if err := q.put(q.heardKey(ref), nil); err != nil {
			return err
		}
	}
	so := q.forgotten()
	raw, err := json.Marshal(forgotten{At: q.world.Now(), N: so.N + forgetAtOnce})
	if err != nil {
		return err
	}
	return q.put(q.forgottenKey(), raw)
}

func (q *Requestor) forgotten() (so forgotten) {
	raw, _ := q.world.Record(q.forgottenKey())
	_ = json.Unmarshal(raw, &so) // nothing for no record
	return so
}

// foreigners are the findings about unknown tokens.
func (q *Requestor) foreigners() (all []Finding) {
	if so := q.forgotten(); so.N > 0 {
		all = append(all, Finding{At: so.At, Kind: UnknownToken, Says: fmt.Sprintf("%d more were reported, and are not listed any more", so.N)})
	}
	for _, ref := range q.heard() {
		if f, number := q.foreign(ref); number != 0 {
			all = append(all, Finding{At: f.At, Kind: UnknownToken, Token: ref, Says: f.Says})
		}
	}
	return all
}

// heardOf are the tokens that a network reported by notice, and that are of the
// method's card as far as can be seen.
func (q *Requestor) heardOf(ctx context.Context, m Method) (found []wallet.Shown, ending wallet.Ending) {
	for _, ref := range q.heard() {
		if wallet.NetworkOf(ref) != m.Network {
			continue
		}
		last4, ending := q.cardOf(ctx, m, ref)
		if ending.Unknown() {
			return nil, ending
		}
		if last4 != m.PAN.Last4() {
			continue
		}
		out, ending := q.question(ctx, m, operations[m.Network].read, held(ref)) // as it is now
		if ending.Unknown() {
			return nil, ending
		}
		found = append(found, out.Shows...)
	}
	return found, wallet.Ending{Kind: wallet.EndedWell}
}

// cardOf finds the last digits of the card of an unknown token; "" for none. The
// network is asked once after each notice, for whichever method.
func (q *Requestor) cardOf(ctx context.Context, m Method, ref token.Ref) (last4 string, ending wallet.Ending) {
	f, number := q.foreign(ref)
	if f.Read {
		return f.Last4, wallet.Ending{Kind: wallet.EndedWell}
	}
	out, ending := q.question(ctx, m, operations[m.Network].read, held(ref))
	if card := operations[m.Network].card; len(out.Shows) == 1 && out.Shows[0].CardLast4 == "" && out.Shows[0].Card != "" && card != "" {
		out, ending = q.question(ctx, m, card, wallet.Subject{ID: string(out.Shows[0].Card)})
	}
	if ending.Unknown() || number == 0 {
		return "", ending
	}
	f.Read = true
	if len(out.Shows) == 1 {
		f.Last4 = out.Shows[0].CardLast4
	}
	if raw, err := json.Marshal(f); err == nil {
		_, _ = q.world.Put(q.heardKey(ref), raw, number) // else it is read again
	}
	return f.Last4, ending
}

func (q *Requestor) soughtKey(n token.Network) string {
	return "sought/" + q.desk.requestor + "/" + string(n)
}

// sought counts how often lost tokens were looked for among unknown ones.
func (q *Requestor) sought(n token.Network) (times int) {
	raw, _ := q.world.Record(q.soughtKey(n))
	times, _ = strconv.Atoi(string(raw)) // 0 for no record
	return times
}

// seek has the lost tokens of a network looked for in the background, once for all
// that is reported before that begins.
func (q *Requestor) seek(n token.Network) error {
	id := q.world.Derive(Name, "seek", q.desk.requestor, string(n), strconv.Itoa(q.sought(n))).Hex(32, "id")
	return q.world.Send(token.Event{
		ID: id, Type: token.WorkFindOut, Network: n, Requestor: q.desk.requestor, Party: Name, Account: q.name,
	}, Prefix+"/"+q.name, 0)
}

// findAmong finds out the lost answers that an unknown token may be about: those
// of its card.
func (q *Requestor) findAmong(ctx context.Context, n token.Network) error {
	if err := q.put(q.soughtKey(n), []byte(strconv.Itoa(q.sought(n)+1))); err != nil {
		return err
	}
	lost := q.lost(n)
	if len(lost) == 0 {
		return nil
	}
	var failed error
	cards := map[string]bool{}
	for _, ref := range q.heard() {
		if wallet.NetworkOf(ref) != n {
			continue
		}
		first := q.of(owner{lost[0].Account, lost[0].Token})
		last4, ending := first.cardOf(ctx, lost[0], ref)
		if ending.Unknown() {
			failed = fmt.Errorf("token %s cannot be read: %s", ref, ending.Kind)
			break
		}
		cards[last4] = true
	}
	for _, m := range lost {
		if cards[m.PAN.Last4()] {
			failed = errors.Join(failed, q.of(owner{m.Account, m.Token}).FindOut(ctx, m.Token))
		}
	}
	return failed
}
