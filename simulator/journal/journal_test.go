package journal_test

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/token"
)

const pan = "4622943120000600"

// masks know one member or two of each treatment.
var masks = journal.NewMasks(journal.Secrets{Headers: []string{"X-Pay-Token"}, Members: []journal.Member{
	{Name: "accountNumber", As: journal.Account},
	{Name: "cvv2", As: journal.Secret},
	{Name: "cvv", As: journal.Secret},
	{Name: "cryptogram", As: journal.Secret},
	{Name: "encPaymentInstrument", As: journal.Cipher},
	{Name: "name", As: journal.Person, Shown: func(s []byte) bool { return bytes.IndexByte(s, '.') > 0 }},
}}, journal.Secrets{Members: []journal.Member{
	{Name: "securityCode", As: journal.Secret},
	{Name: "encryptedData", As: journal.Cipher},
	{Name: "encryptedKey", As: journal.Cipher},
	{Name: "IV", As: journal.Cipher},
	{Name: "cvv", As: journal.Person},
	{Name: "aNameThatIsLongerThanAnyOtherInEitherOfTheLists", As: journal.Secret},
}})

func TestMask_NothingSecretIsLeft(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"a number as a member":         {`{"accountNumber":"4622943120000600"}`, `{"accountNumber":"462294******0600"}`},
		"a number that is a number":    {`{"accountNumber":4622943120000600}`, `{"accountNumber":"462294******0600"}`},
		"a number in groups":           {`{"note":"4622 9431-2000 0600"}`, `{"note":"4622 94**-**** 0600"}`},
		"a number anywhere else":       {`{"note":"card 4622943120000600 ok"}`, `{"note":"card 462294******0600 ok"}`},
		"a number in an array":         {`{"pans":["4622943120000600",4622943120000600]}`, `{"pans":["462294******0600",462294******0600]}`},
		"a number as a name":           {`{"4622943120000600":1}`, `{"462294******0600":1}`},
		"escaped digits":               {`{"note":"\u0034622943120000600"}`, `{"note":"462294******0600"}`},
		"a nine-digit account number":  {`{"accountNumber":"123456789"}`, `{"accountNumber":"****"}`},
		"a security code":              {`{"cvv2":"123","securityCode":"456","cvv":123}`, `{"cvv2":"<secret>","securityCode":"<secret>","cvv":"<secret>"}`},
		"a cryptogram":                 {`{"cryptogramInfo":{"cryptogram":"AgAAABB6qqnJd0oAmbuXgu8AAAA=","eci":"07"}}`, `{"cryptogramInfo":{"cryptogram":"<secret>","eci":"07"}}`},
		"ciphertext":                   {`{"encPaymentInstrument":"eyJh.b.c.d.e"}`, `{"encPaymentInstrument":"<encrypted>"}`},
		"a payload":                    {`{"encryptedData":"00ff","encryptedKey":"aa","iv":"bb"}`, `{"encryptedData":"<encrypted>","encryptedKey":"<encrypted>","iv":"<encrypted>"}`},
		"a card-holder":                {`{"name":"Alex Example"}`, `{"name":"***"}`},
		"the name of a risk item":      {`[{"name":"paymentInstrument.expirationDate.month","value":"12"}]`, `[{"name":"paymentInstrument.expirationDate.month","value":"12"}]`},
		"an identifier with digits":    {`{"ref":"DWSPMC0000000001234567890123456789abcdef01234567"}`, `{"ref":"DWSPMC0000000001234567890123456789abcdef01234567"}`},
		"an account range":             {`{"accountNumber":"520473"}`, `{"accountNumber":"520473"}`},
		"text that is not JSON":        {`accountNumber=4622943120000600&x`, `accountNumber=462294******0600&x`},
		"a number behind an emoji":     {`{"note": "\ud83d\udcb34622943120000600"}`, `{"note": "💳462294******0600"}`},
		"an emoji and an escape":       {`{"note":"\ud83d\ude00 \u0034622943120000600"}`, `{"note":"😀 462294******0600"}`},
		"a security code, escaped":     {`{"\u0063vv\u0032":"123"}`, `{"\u0063vv\u0032":"<secret>"}`},
		"groups outside quotes":        {`{"a":4622 9431 2000 0600}`, `{"a":4622 94** **** 0600}`},
		"groups that are no JSON":      {`not json 4622 9431 2000 0600`, `not json 4622 94** **** 0600`},
		"groups in an array":           {`{"a":[4622,9431,2000,0600]}`, `{"a":[4622,94**,****,0600]}`},
		"wide digits that are no JSON": {`{４６２２９４３１２００００６００}`, `{４６２２９４******０６００}`},
		"an emoji in a name":           {`{"\ud83d\udcb34622943120000600":1}`, `{"💳462294******0600":1}`},
		"an emoji alone":               {`{"note":"\ud83d\ude00 12"}`, `{"note":"\ud83d\ude00 12"}`},
		"an escape JSON has not":       {`{"note":"\04622943120000600"}`, `{"note":"***"}`},
		"half a surrogate":             {`{"note":"\ud83d4622943120000600"}`, `{"note":"***"}`},
		"a string cut short":           {`{"accountNumber":"4622943120000600`, `{"accountNumber":"462294******0600"`},
		"a name in other letters":      {`{"ACCOUNTNumber":"123456789"}`, `{"ACCOUNTNumber":"****"}`},
		"a long name":                  {`{"anamethatislongerthananyotherineitherofthelists":1}`, `{"anamethatislongerthananyotherineitherofthelists":"<secret>"}`},
		"a number split by an escape":  {`{"note":"4622\u0039\u0034\u0033120000600"}`, `{"note":"462294******0600"}`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := masks.Mask([]byte(c.in)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// Without lists only card numbers are known.
func TestMask_NobodyListedAnything(t *testing.T) {
	var none *journal.Masks
	const in, want = `{"cvv2":"123","note":"4622943120000600"}`, `{"cvv2":"123","note":"462294******0600"}`
	if got := none.Mask([]byte(in)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func FuzzMask(f *testing.F) {
	f.Add(`{"accountNumber":"P"}`)
	f.Add("P")
	f.Add(`{"a":"\"P\""}`)
	f.Add(`{"":"\04P0600A000`)
	f.Add(`{"note":"\ud83d\udcb3P"}`)
	f.Fuzz(func(t *testing.T, in string) {
		if strings.Contains(in, pan) { // perhaps as a part of something longer, which is no card number
			return
		}
		planted := strings.ReplaceAll(in, "P", " "+pan+" ")
		if got := masks.Mask([]byte(planted)); strings.Contains(got, pan) {
			t.Errorf("%q gives %q", planted, got)
		}
	})
}

// draft has the size of an ordinary exchange.
func draft(detail string) *journal.Draft {
	return &journal.Draft{
		About:    journal.About{Detail: detail},
		Request:  journal.Raw{Body: []byte(`{"a":"` + strings.Repeat("x", 300) + `"}`)},
		Response: journal.Raw{Body: []byte(`{"b":"` + strings.Repeat("y", 200) + `"}`)},
	}
}

func TestJournal_KeepsAllOfAnEntryMasked(t *testing.T) {
	wall := time.Date(2026, 3, 1, 9, 0, 0, 123456789, time.UTC)
	about := journal.About{
		Sandbox: "s", Network: token.Visa, Op: token.VisaEnroll, Requestor: "wallet", At: wall.Add(time.Hour), Wall: wall,
		Took: 3 * time.Millisecond, Trace: "0af7", Entity: "e", EntitySeq: 7, Rule: "r", RuleID: "scenario-1", Decision: token.StepUp,
		Problem: token.Declined, Detail: "d", Fault: token.FaultSlow, Delay: time.Second, Tokens: []token.Ref{"a", "b"},
		Attempt: 3, Change: 1 << 40, Work: token.WorkDone,
		Checks: token.Checks{
			{Name: "held", OK: true, KeyID: "k"},
			{Name: "held with words", OK: true, Expected: "e", Received: "r", Difference: "d", KeyID: "k", Hint: "h"},
			{Name: "refused"},
		},
	}
	j := journal.New(1<<20, masks)
	id := j.Add(&journal.Draft{
		About: about,
		Request: journal.Raw{
			Method: "POST", Path: "/vts/4622%209431%202000%200600", Query: "q=%34622943120000600", Size: 99, Body: []byte(`{"accountNumber":"` + pan + `"}`),
			Header: []journal.Field{{Name: "X-Pay-Token", Value: "xv2", Secret: true}, {Name: "Accept", Value: pan}},
			Clear:  []journal.RawPart{{Field: "f", Body: []byte(`{"cvv2":"123"}`)}},
		},
		Response: journal.Raw{Status: 201, Body: []byte(`{}`), Size: 2},
		Facts: []token.Fact{
			{Ask: token.Ask{Part: token.PartHeader, Name: "Accept"}, Value: "x", Present: true, Cut: true},
			{Ask: token.Ask{Part: token.PartHeader, Name: "X-Pay-Token"}, Value: "xv2", Present: true},
			{Ask: token.Ask{Part: token.PartQuery, Name: "absent"}},
			{Ask: token.Ask{Part: token.PartBody, Name: "a.cvv2"}, Value: "123", Present: true},
			{Ask: token.Ask{Part: token.PartBody, Name: "accountNumber"}, Value: pan, Present: true},
		},
	})
	got, ok := j.Get(id)
	want := journal.Entry{
		ID: id, About: about,
		Request: journal.Message{
			Method: "POST", Path: "/vts/4622%2094**%20****%200600", Query: "q=%3462294******0600", Size: 99, Body: `{"accountNumber":"462294******0600"}`,
			Header: map[string]string{"X-Pay-Token": token.Secret, "Accept": "462294******0600"},
			Clear:  []journal.Part{{Field: "f", Body: `{"cvv2":"<secret>"}`}},
		},
		Response: journal.Message{Status: 201, Body: `{}`, Size: 2},
		Facts: []journal.Fact{
			{Fact: token.Fact{Ask: token.Ask{Part: token.PartHeader, Name: "Accept"}, Value: "x", Present: true, Cut: true}},
			{Fact: token.Fact{Ask: token.Ask{Part: token.PartHeader, Name: "X-Pay-Token"}, Value: token.Secret, Present: true}, Hidden: true},
			{Fact: token.Fact{Ask: token.Ask{Part: token.PartQuery, Name: "absent"}}},
			{Fact: token.Fact{Ask: token.Ask{Part: token.PartBody, Name: "a.cvv2"}, Value: token.Secret, Present: true}, Hidden: true},
			{Fact: token.Fact{Ask: token.Ask{Part: token.PartBody, Name: "accountNumber"}, Value: "462294******0600", Present: true}, Hidden: true},
		},
	}
	if diff := cmp.Diff(want, got); !ok || diff != "" {
		t.Error(diff)
	}
}

func TestDraft_IsNeverPrinted(t *testing.T) {
	d := draft("x")
	d.Request.Path = pan
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if got := fmt.Sprintf(verb, *d); got != token.Secret {
			t.Errorf("%s prints %s", verb, got)
		}
	}
}

func TestJournal_ALargeEntryIsKeptWhole(t *testing.T) {
	j := journal.New(1<<30, nil)
	long := strings.Repeat("x", 3<<20)
	j.Add(draft("before"))
	id := j.Add(&journal.Draft{Request: journal.Raw{Body: []byte(`"` + long + `"`)}})
	j.Add(draft("after"))
	if e, ok := j.Get(id); !ok || e.Request.Body != `"`+long+`"` {
		t.Errorf("%d bytes kept, %t", len(e.Request.Body), ok)
	}
	if list := j.List(journal.Query{}); len(list) != 3 || list[0].Detail != "before" || list[2].Detail != "after" {
		t.Errorf("%d entries", len(list))
	}
}

func TestJournal_IsBoundedAndSaysWhatItDropped(t *testing.T) {
	j := journal.New(10_000, nil)
	for i := range 100 {
		j.Add(draft(strconv.Itoa(i)))
	}
	list := j.List(journal.Query{})
	if len(list) == 100 || uint64(100-len(list)) != j.Dropped() || list[len(list)-1].Detail != "99" {
		t.Errorf("%d kept, %d dropped, last %q", len(list), j.Dropped(), list[len(list)-1].Detail)
	}
	if _, ok := j.Get("r-1"); ok {
		t.Error("a dropped entry is still found")
	}
}

func TestJournal_Queries(t *testing.T) {
	j := journal.New(1<<20, nil)
	j.Add(&journal.Draft{About: journal.About{Network: token.Visa, Op: token.VisaEnroll, Requestor: "a"}})
	j.Add(&journal.Draft{About: journal.About{Network: token.Mastercard, Op: token.MCTokenize, Requestor: "b", Problem: "PAN_INELIGIBLE", Tokens: []token.Ref{"t"}}})
	j.Add(&journal.Draft{About: journal.About{Network: token.Visa, Requestor: "a", Checks: token.Checks{{Name: "hash"}}}})
	for name, c := range map[string]struct {
		q    journal.Query
		want []string
	}{
		"everything":   {journal.Query{}, []string{"r-1", "r-2", "r-3"}},
		"after an id":  {journal.Query{After: "r-1"}, []string{"r-2", "r-3"}},
		"the newest":   {journal.Query{Limit: 1}, []string{"r-3"}},
		"a network":    {journal.Query{Network: token.Mastercard}, []string{"r-2"}},
		"an operation": {journal.Query{Ops: []token.Operation{token.VisaEnroll}}, []string{"r-1"}},
		"a requestor":  {journal.Query{Requestor: "a"}, []string{"r-1", "r-3"}},
		"a problem":    {journal.Query{Problem: "PAN_INELIGIBLE"}, []string{"r-2"}},
		"a token":      {journal.Query{Token: "t"}, []string{"r-2"}},
		"refused":      {journal.Query{Refused: true}, []string{"r-3"}},
	} {
		var got []string
		for _, e := range j.List(c.q) {
			got = append(got, e.ID)
		}
		if strings.Join(got, " ") != strings.Join(c.want, " ") {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestJournal_ChangedIsClosedByTheNextEntry(t *testing.T) {
	j := journal.New(1<<20, nil)
	changed := j.Changed()
	j.Add(&journal.Draft{})
	select {
	case <-changed:
	default:
		t.Error("nobody was told")
	}
}

func TestJournal_FindsWhatItStillHolds(t *testing.T) {
	j := journal.New(10_000, nil)
	for i := range 100 {
		j.Add(draft(strconv.Itoa(i)))
	}
	oldest := j.List(journal.Query{})[0].ID
	for _, id := range []string{oldest, "r-100"} {
		if e, ok := j.Get(id); !ok || e.ID != id {
			t.Errorf("%s: %+v %t", id, e, ok)
		}
	}
	for _, id := range []string{"r-1", "r-101", "r-0", "r-", "100", "r-0100", "r-+100", "", "r-18446744073709551616"} {
		if e, ok := j.Get(id); ok {
			t.Errorf("%q was taken for %+v", id, e)
		}
	}
	if _, ok := journal.New(1, nil).Get("r-0"); ok {
		t.Error("an empty journal has an entry")
	}
}

func TestJournal_TellsAllWhoWaitOfTheNextEntry(t *testing.T) {
	j := journal.New(10_000, nil)
	one, two := j.Changed(), j.Changed()
	j.Add(&journal.Draft{})
	<-one
	<-two
	select {
	case <-j.Changed():
		t.Error("nothing came since")
	default:
	}
}
