package token_test

import (
	"errors"
	"net/netip"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/token"
)

func TestTargets_OnlyLoopbackUnlessAllowed(t *testing.T) {
	targets := token.Targets{
		Allowed: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("0.0.0.0/0")}, Forbidden: []uint16{8481},
	}
	strict := token.Targets{}
	for _, c := range []struct {
		addr        string
		open, close bool // permitted with everything allowed; permitted by default
	}{
		{"127.0.0.1:9000", true, true},
		{"127.9.9.9:1", true, true},
		{"[::1]:9000", true, true},
		{"[::ffff:127.0.0.1]:9000", true, true},
		{"127.0.0.1:8481", false, true}, // our control port; strict has none
		{"10.1.2.3:443", true, false},
		{"203.0.113.7:443", true, false},
		{"169.254.169.254:80", false, false}, // cloud metadata, link-local
		{"[fe80::1]:80", false, false},
		{"[fd00:ec2::254]:80", false, false},
		{"224.0.0.1:80", false, false},
		{"0.0.0.0:80", false, false},
		{"[::]:80", false, false},
	} {
		addr := netip.MustParseAddrPort(c.addr)
		if err := targets.Check(addr); (err == nil) != c.open || (err != nil && !errors.Is(err, token.ErrTarget)) {
			t.Errorf("allowed widely, %s: %v", c.addr, err)
		}
		if err := strict.Check(addr); (err == nil) != c.close {
			t.Errorf("by default, %s: %v", c.addr, err)
		}
	}
}

func TestParseTarget_Refusals(t *testing.T) {
	for _, bad := range []string{
		"", "localhost:9000", "ftp://127.0.0.1/", "http://", "http://u:p@127.0.0.1/", "http://127.0.0.1/#x", "http://127.0.0.1:0/", "http://127.0.0.1:70000/", "://",
		// [C1] what would be changed, or lost, on the way
		"http://127.0.0.1:9000/a b", "http://127.0.0.1:9000/hook//", "http://127.0.0.1:9000//hook", "http://127.0.0.1:9000/a/../b", "http://127.0.0.1:9000/a/./b",
		"http://127.0.0.1:9000/hook?key=1", "http://127.0.0.1:9000/hook?", "http://127.0.0.1:9000/#", "http://127.0.0.1:/hook", "http://127.0.0.1:9000/h\u00f6ren",
		"HTTP://127.0.0.1:9000/", "http://a b/", " http://127.0.0.1:9000/", "http:127.0.0.1", "http://127.0.0.1:9000/a\\b",
	} {
		if _, err := token.ParseTarget(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
	for _, good := range []string{"https://receiver.example:8443/visa", "http://127.0.0.1:9000/hook/", "http://[::1]:9000", "http://localhost/h%C3%B6ren"} {
		if _, err := token.ParseTarget(good); err != nil {
			t.Error(err)
		}
	}
}

func TestParseAllow(t *testing.T) {
	for in, want := range map[string]string{"10.0.0.0/8": "10.0.0.0/8", "192.0.2.1": "192.0.2.1/32", "2001:db8::1": "2001:db8::1/128", "::ffff:10.0.0.0/104": "10.0.0.0/8"} {
		if got, err := token.ParseAllow(in); err != nil || got.String() != want {
			t.Errorf("%s: %v %v", in, got, err)
		}
	}
	for _, bad := range []string{
		"receiver.example", "169.254.0.0/16", "169.254.169.254", "fe80::/64", "fd00:ec2::254", "224.0.0.0/8", "ff02::1", "0.0.0.0", "::",
	} {
		if p, err := token.ParseAllow(bad); err == nil || !strings.Contains(err.Error(), "10.0.0.0/8") {
			t.Errorf("%s was taken for %v, or nothing is offered in its place: %v", bad, p, err)
		}
	}
	for _, wide := range []string{"0.0.0.0/0", "::/0", "169.0.0.0/8", "fc00::/7"} { // what is never a target stays out of them
		if _, err := token.ParseAllow(wide); err != nil {
			t.Error(err)
		}
	}
}

func TestTargets_CheckURL(t *testing.T) {
	targets := token.Targets{Allowed: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")}, Forbidden: []uint16{8481}}
	for raw, good := range map[string]bool{
		"http://127.0.0.1:9000/": true, "http://127.0.0.1/": true, "http://[::1]:9000": true, "http://localhost:8481/": true,
		"https://10.1.2.3/": true, "https://receiver.example/": true,
		"http://10.2.0.1/": false, "http://127.0.0.1:8481/": false, "http://169.254.169.254/": false, "http://[fe80::1%25eth0]/": false, "ftp://127.0.0.1/": false,
	} {
		if err := targets.CheckURL(raw); (err == nil) != good {
			t.Errorf("%s: %v", raw, err)
		}
	}
	if err := targets.CheckURL("http://10.2.0.1/"); !errors.Is(err, token.ErrTarget) || !strings.Contains(err.Error(), "--callback-allow 10.2.0.1") {
		t.Errorf("it does not say what would permit it: %v", err)
	}
}
