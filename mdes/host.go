package mdes

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/pantomime-dev/pantomime/token"
)

// isHostAndRoot accepts host[:port][/contextRoot], as responseHost is written
// (docs/wire/mdes.md "Conventions"). Anything else, a scheme, a query, a user,
// could send a notice somewhere unexpected.
func isHostAndRoot(s string) bool {
	authority, root, _ := strings.Cut(s, "/")
	host, port, hasPort := strings.Cut(authority, ":")
	if strings.HasPrefix(authority, "[") {
		end := strings.IndexByte(authority, ']')
		if end < 0 {
			return false
		}
		addr, err := netip.ParseAddr(authority[1:end])
		if err != nil || !addr.Is6() {
			return false
		}
		host, port, hasPort = "ip6", strings.TrimPrefix(authority[end+1:], ":"), authority[end+1:] != ""
		if hasPort && authority[end+1] != ':' {
			return false
		}
	}
	if hasPort {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return false
		}
	}
	if !isHostName(host) || !isContextRoot(root) {
		return false
	}
	_, err := token.ParseTarget("https://" + s) // notices go there
	return err == nil
}

func isHostName(host string) bool {
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := range len(label) {
			if c := label[i]; !unreserved(c) || c == '.' || c == '~' {
				return false
			}
		}
	}
	return true
}

func isContextRoot(root string) bool {
	for i := range len(root) {
		if c := root[i]; !unreserved(c) && c != '/' {
			return false
		}
	}
	return !strings.Contains("/"+root+"/", "/../")
}
