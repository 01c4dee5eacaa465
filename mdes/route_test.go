package mdes

import (
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/token"
)

// The table of docs/wire/mdes.md "Hosts and paths", written by hand.
var sandboxPaths = map[token.Operation]string{
	token.MCTokenize:         "/digitization/static/1/0/tokenize",
	token.MCTransact:         "/remotetransaction/static/1/0/transact",
	token.MCGetTaskStatus:    "/digitization/static/1/0/getTaskStatus",
	token.MCGetToken:         "/digitization/static/1/0/getToken",
	token.MCSearchTokens:     "/digitization/static/1/0/searchTokens",
	token.MCSuspend:          "/digitization/static/1/0/suspend",
	token.MCUnsuspend:        "/digitization/static/1/0/unsuspend",
	token.MCDelete:           "/digitization/static/1/0/delete",
	token.MCGetDigitalAssets: "/digitization/static/1/0/getDigitalAssets",
}

func TestPath_AllEnvironments(t *testing.T) {
	for op, sandbox := range sandboxPaths {
		route, _ := RouteOf(op)
		for env, segment := range map[Environment]string{Sandbox: "/static", MTF: "/mtf", Production: ""} {
			want := strings.Replace(sandbox, "/static", segment, 1)
			if got := route.At(env, ""); got != want {
				t.Errorf("%s in %q is at %s, want %s", op, env, got, want)
			}
			if route, ok := ParsePath(want); !ok || route != (Target{Op: op, Env: env}) {
				t.Errorf("%s is read as %+v, %v", want, route, ok)
			}
		}
	}
	if len(Routes()) != len(sandboxPaths)+1 {
		t.Errorf("%d operations, want %d", len(Routes()), len(sandboxPaths)+1)
	}
	for _, route := range Routes() {
		if want := map[bool]string{true: "GET", false: "POST"}[route.Op == token.MCGetAsset]; route.Method != want {
			t.Errorf("%s goes by %s", route.Op, route.Method)
		}
	}
	if route, ok := RouteOf(token.VisaEnroll); ok {
		t.Errorf("Visa's operation is at %s", route.Path)
	}
}

func TestPath_Asset(t *testing.T) {
	const id = "3789637f-32a1-4810-a138-4bf34501c509"
	for env, want := range map[Environment]string{
		Sandbox: "/assets/static/1/0/asset/" + id, MTF: "/assets/mtf/1/0/asset/" + id, Production: "/assets/1/0/asset/" + id,
	} {
		if got := RouteGetAsset.At(env, id); got != want {
			t.Errorf("%q: %s, want %s", env, got, want)
		}
		if route, ok := ParsePath(want); !ok || route != (Target{token.MCGetAsset, env, id}) {
			t.Errorf("%s is read as %+v, %v", want, route, ok)
		}
	}
	odd := "a/b c?d"
	if route, ok := ParsePath(RouteGetAsset.At(MTF, odd)); !ok || route.AssetID != odd {
		t.Errorf("%s is read as %+v, %v", RouteGetAsset.At(MTF, odd), route, ok)
	}
}

func TestParsePath_Refuses(t *testing.T) {
	for _, bad := range []string{
		"", "/", "/mdes/digitization/1/0/tokenize", "/digitization/1/0/tokenize/", "/digitization/prod/1/0/tokenize",
		"/digitization/1/1/tokenize", "/digitization/static/static/1/0/tokenize", "/remotetransaction/1/0/tokenize",
		"/digitization/1/0/transact", "/digitization/1/0/Tokenize", "/digitization/1/0/notifyTokenUpdated",
		"/assets/1/0/asset", "/assets/1/0/asset/", "/assets/1/0/asset/a/b", "/assets/1/0/asset/%zz",
		"/assets/1/0/asset/" + strings.Repeat("a", 65), "digitization/1/0/tokenize",
	} {
		if route, ok := ParsePath(bad); ok {
			t.Errorf("%q is read as %+v", bad, route)
		}
	}
}

func TestParseEnvironment(t *testing.T) {
	for _, env := range Environments() {
		if got, err := ParseEnvironment(string(env)); err != nil || got != env {
			t.Errorf("%q: %q, %v", env, got, err)
		}
	}
	if _, err := ParseEnvironment("prod"); err == nil || !strings.Contains(err.Error(), "accepted are static, mtf") {
		t.Errorf("%v", err)
	}
}

func TestNoticeURL(t *testing.T) {
	tests := []struct {
		base string
		env  Environment
		want string
	}{
		{"http://127.0.0.1:9000/mc", Sandbox, "http://127.0.0.1:9000/mc/digitization/static/1/0/notifyTokenUpdated"},
		{"https://shop.example/", Production, "https://shop.example/digitization/1/0/notifyTokenUpdated"},
		{"mdes-callback.shop.example", MTF, "https://mdes-callback.shop.example/digitization/mtf/1/0/notifyTokenUpdated"},
		{"shop.example:8443/deep/root", MTF, "https://shop.example:8443/deep/root/digitization/mtf/1/0/notifyTokenUpdated"},
		{"http://u:p@shop.example/x?a=b#c", Production, "http://shop.example/x/digitization/1/0/notifyTokenUpdated"},
	}
	for _, tt := range tests {
		if got, err := NoticeURL(tt.base, tt.env); err != nil || got != tt.want {
			t.Errorf("%s: %s, %v; want %s", tt.base, got, err, tt.want)
		}
	}
	for _, bad := range []string{"", "ftp://shop.example", "http://", "shop example", "http://a b", "user@shop.example"} {
		if got, err := NoticeURL(bad, Sandbox); err == nil {
			t.Errorf("%q gave %s", bad, got)
		}
	}
}
