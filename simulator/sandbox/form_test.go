package sandbox

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/outcome"
)

const someText = "version: 1\nname: of a change\ncards: { alice: { network: visa } }\n"

// fill sets every member of a value, each to something else, so that one that a
// form forgets or mistakes for another shows.
func fill(t *testing.T, v reflect.Value, n *int) {
	t.Helper()
	*n++
	switch special := v.Addr().Interface().(type) {
	case *time.Time:
		*special = time.Date(2026, 3, 1, 9, 0, *n, *n, time.UTC)
		return
	case *regexp.Regexp:
		*special = *regexp.MustCompile(fmt.Sprintf("^e%d$", *n))
		return
	case *scenarios.Scenario:
		*special, _ = scenarios.Parse(fmt.Sprintf("%d.yaml", *n), []byte(someText))
		return
	case *outcome.Layer:
		*special = outcome.Posted
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i), n)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(t, v.Index(0), n)
		fill(t, v.Index(1), n)
	case reflect.Map:
		v.Set(reflect.ValueOf(map[string]string{fmt.Sprint("k", *n): fmt.Sprint("v", *n), "": ""}))
	case reflect.String:
		v.SetString(fmt.Sprint("text ", *n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(*n % 251))
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(-int64(*n))
	default:
		t.Fatalf("a change holds a %s, which this test cannot fill", v.Type())
	}
}

func full(t *testing.T) (c Change) {
	t.Helper()
	n := 0
	fill(t, reflect.ValueOf(&c).Elem(), &n)
	c.Planned[1].Action = &activationAction
	return c
}

var samePattern = cmp.Comparer(func(a, b *regexp.Regexp) bool {
	return (a == nil) == (b == nil) && (a == nil || a.String() == b.String())
})

func again(t *testing.T, c Change) (Change, []byte) {
	t.Helper()
	raw, err := Codec{}.Encode(c)
	if err != nil {
		t.Fatal(err)
	}
	back, err := Codec{}.Decode(raw)
	if err != nil {
		t.Fatal(err)
	}
	return back, raw
}

func TestCodec_EveryMemberOfAChangeHasAForm(t *testing.T) {
	c := full(t)
	back, _ := again(t, c)
	if diff := cmp.Diff(c, back, samePattern); diff != "" {
		t.Errorf("(-written +read)\n%s", diff)
	}
	if back.Planned[1].Action != &activationAction {
		t.Error("the usual activation has a copy of its own")
	}
}

// Each member by itself: one that took another's place would hide among all.
func TestCodec_EveryMemberAlone(t *testing.T) {
	whole := reflect.ValueOf(full(t))
	for i := range whole.NumField() {
		var c Change
		reflect.ValueOf(&c).Elem().Field(i).Set(whole.Field(i))
		if back, _ := again(t, c); !cmp.Equal(c, back, samePattern) {
			t.Errorf("%s: %s", whole.Type().Field(i).Name, cmp.Diff(c, back, samePattern))
		}
	}
}

func TestCodec_OfNothingIsSmall(t *testing.T) {
	if back, raw := again(t, Change{}); !cmp.Equal(Change{}, back) || len(raw) > 48 {
		t.Errorf("%d bytes: %+v", len(raw), back)
	}
}

func TestCodec_Refuses(t *testing.T) {
	_, raw := again(t, full(t))
	for n := range raw {
		if _, err := (Codec{}).Decode(raw[:n]); !errors.Is(err, ErrForm) {
			t.Fatalf("%d of %d bytes: %v", n, len(raw), err)
		}
	}
	for name, c := range map[string]struct {
		raw []byte
		why string
	}{
		"a later version":      {append([]byte{changeVersion + 1}, raw[1:]...), fmt.Sprintf("version %d; this program reads version %d", changeVersion+1, changeVersion)},
		"what follows the end": {append(raw[:len(raw):len(raw)], 0), "1 bytes follow its end"},
		"what is too long":     {make([]byte, MaxChange+1), "at most 62914560 are accepted"},
	} {
		if _, err := (Codec{}).Decode(c.raw); !errors.Is(err, ErrForm) || !strings.Contains(err.Error(), c.why) {
			t.Errorf("%s: %v", name, err)
		}
	}
	long := Change{Begin: &Beginning{Notify: strings.Repeat("x", MaxChange)}}
	if _, err := (Codec{}).Encode(long); !errors.Is(err, ErrForm) {
		t.Errorf("writing too much: %v", err)
	}
	if _, err := (Codec{}).Encode(Change{Scenario: &scenarios.Scenario{Name: "made"}}); !errors.Is(err, ErrForm) {
		t.Errorf("a scenario without a text: %v", err)
	}
}

func FuzzCodec(f *testing.F) {
	f.Add([]byte{changeVersion})
	if raw, err := (Codec{}).Encode(Change{Number: 1, Entity: 7}); err == nil {
		f.Add(raw)
	}
	scenario, _ := scenarios.Parse("f.yaml", []byte(someText))
	if raw, err := (Codec{}).Encode(Change{Begin: &Beginning{ID: "default", Seed: 1}, Scenario: &scenario}); err == nil {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, err := Codec{}.Decode(raw)
		if err != nil {
			if !errors.Is(err, ErrForm) {
				t.Error(err)
			}
			return
		}
		if back, _ := again(t, c); !cmp.Equal(c, back, samePattern) {
			t.Error(cmp.Diff(c, back, samePattern))
		}
	})
}
