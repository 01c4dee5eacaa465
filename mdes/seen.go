package mdes

import (
	"net/http"
	"net/url"
	"strings"
)

// SeenURLs lists the URL of a request as its client may have seen it: below
// the public base URL if there is one (scheme and host count; a path comes in
// front), by Host and X-Forwarded-Proto, and by Host alone. The signature covers
// scheme, host and path before any rewriting
// (docs/wire/mdes.md "Authentication"), so r must be as it arrived.
func SeenURLs(r *http.Request, public *url.URL) []*url.URL {
	target, err := url.ParseRequestURI(r.RequestURI)
	if err != nil {
		target = r.URL
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	var seen []*url.URL
	add := func(scheme, host, prefix string) {
		raw := scheme + "://" + host + prefix + target.EscapedPath()
		if target.RawQuery != "" {
			raw += "?" + target.RawQuery
		}
		u, err := url.Parse(raw)
		if err != nil || host == "" {
			return
		}
		for _, before := range seen {
			if before.String() == u.String() {
				return
			}
		}
		seen = append(seen, u)
	}
	if public != nil {
		add(public.Scheme, public.Host, strings.TrimSuffix(public.EscapedPath(), "/"))
	}
	if proto, _, _ := strings.Cut(r.Header.Get("X-Forwarded-Proto"), ","); proto == "http" || proto == "https" {
		add(proto, r.Host, "")
	}
	add(scheme, r.Host, "")
	if target.Host != "" {
		add(target.Scheme, target.Host, "")
	}
	return seen
}
