package mdes

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Seen is how a request arrived, before any rewriting: a signature covers
// scheme, host and path as its client saw them, which behind a forwarder is not
// what arrives (docs/wire/mdes.md "Authentication").
type Seen struct {
	Public    *url.URL // the base address that clients get, or nil; its path comes in front
	Scheme    string   // "https" if it came over TLS
	Host      string
	Paths     []string // escaped; each may be the one that was signed
	RawQuery  string
	Header    http.Header
	Forwarded bool // believe forwarding headers, and that somebody may have ended the TLS
}

// SeenBy is how a server of net/http sees a request; r must be as it arrived.
func SeenBy(r *http.Request, public *url.URL) Seen {
	target, err := url.ParseRequestURI(r.RequestURI)
	if err != nil {
		target = r.URL
	}
	s := Seen{Public: public, Scheme: "http", Host: r.Host, Paths: []string{target.EscapedPath()}, RawQuery: target.RawQuery, Header: r.Header, Forwarded: true}
	if r.TLS != nil {
		s.Scheme = "https"
	}
	return s
}

// URLs lists the URL as the client may have signed it, likeliest first: below
// the public address, as it arrived, as forwarders tell, and with https in front
// of the hosts that are named.
func (s Seen) URLs() []*url.URL {
	var bases []string
	add := func(scheme, host, path string) {
		if base := scheme + "://" + host + path; host != "" && !slices.Contains(bases, base) {
			bases = append(bases, base)
		}
	}
	if s.Public != nil {
		add(s.Public.Scheme, s.Public.Host, strings.TrimSuffix(s.Public.EscapedPath(), "/"))
	}
	add(s.Scheme, s.Host, "")
	if s.Forwarded {
		schemes, hosts := forwarded(s.Header)
		schemes, hosts = append(schemes, s.Scheme), append(hosts, s.Host)
		for _, host := range hosts {
			for _, scheme := range schemes {
				add(scheme, host, "")
			}
		}
		for _, host := range hosts {
			add("https", host, "")
		}
	}
	var urls []*url.URL
	for _, base := range bases {
		for _, path := range s.Paths {
			if u := s.below(base, path); u != nil {
				urls = append(urls, u)
			}
		}
	}
	return urls
}

// ForwardedURL is the URL that forwarders say the client asked for, nil if they say
// nothing or a public address is known.
func (s Seen) ForwardedURL() *url.URL {
	schemes, hosts := forwarded(s.Header)
	if !s.Forwarded || s.Public != nil || len(s.Paths) == 0 || len(schemes)+len(hosts) == 0 {
		return nil
	}
	return s.below(append(schemes, s.Scheme)[0]+"://"+append(hosts, s.Host)[0], s.Paths[0])
}

func (s Seen) below(base, path string) *url.URL {
	raw := base + path
	if s.RawQuery != "" {
		raw += "?" + s.RawQuery
	}
	u, err := url.Parse(raw)
	if err != nil {
		return nil
	}
	return u
}

// maxForwarders is how many hops are believed, the client's first.
const maxForwarders = 2

// forwarded reads what forwarders tell of the scheme and the host that a client
// asked for: Forwarded (RFC 7239) and the X-Forwarded headers, which are lists.
func forwarded(h http.Header) (schemes, hosts []string) {
	keep := func(list *[]string, value string) {
		value = strings.ToLower(strings.Trim(strings.TrimSpace(value), `"`))
		if value != "" && len(*list) < maxForwarders && !slices.Contains(*list, value) {
			*list = append(*list, value)
		}
	}
	scheme := func(value string) {
		if value = strings.ToLower(strings.Trim(strings.TrimSpace(value), `"`)); value == "http" || value == "https" {
			keep(&schemes, value)
		}
	}
	for _, hop := range listed(h, "Forwarded") {
		for pair := range strings.SplitSeq(hop, ";") {
			name, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
			switch strings.ToLower(name) {
			case "proto":
				scheme(value)
			case "host":
				keep(&hosts, value)
			}
		}
	}
	for _, value := range listed(h, "X-Forwarded-Proto") {
		scheme(value)
	}
	for _, value := range listed(h, "X-Forwarded-Host") {
		keep(&hosts, value)
	}
	return schemes, hosts
}

// listed splits a header at its commas, whether it came once or several times.
func listed(h http.Header, name string) []string {
	return strings.Split(strings.Join(h.Values(name), ","), ",")
}
