package face

import (
	"net/http"
	"strings"

	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/token"
)

// pattern is a path as the router takes it: ":id" for "{id}".
func pattern(path string) string { return strings.NewReplacer("{", ":", "}", "").Replace(path) }

// Serves reports whether a path is one of the face's, with any method.
func (s *Skeleton[W, R, F]) Serves(path string) bool {
	for _, route := range s.o.Routes {
		if fits(route.Path, path) {
			return true
		}
	}
	return false
}

// fits compares a path with one that has parameters.
func fits(pattern, path string) bool {
	for {
		want, moreWanted, wants := strings.Cut(pattern, "/")
		got, moreGot, gets := strings.Cut(path, "/")
		switch {
		case strings.HasPrefix(want, "{") && got == "", !strings.HasPrefix(want, "{") && want != got, wants != gets:
			return false
		case !wants:
			return true
		}
		pattern, path = moreWanted, moreGot
	}
}

// slip says which of the face's paths was probably meant by one that it does not
// have, "" if none is like it.
func (s *Skeleton[W, R, F]) slip(path string) string {
	for _, route := range s.o.Routes {
		if guess := respelt(route.Path, path); guess != "" {
			return "did you mean " + token.Scrub(guess) + "?"
		}
	}
	return ""
}

// respelt is a path as one with parameters has it, where a slip in one word is all
// that parts them, else "".
func respelt(pattern, path string) string {
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return ""
	}
	slips := 0
	for i, word := range want {
		switch {
		case word == got[i], strings.HasPrefix(word, "{"):
		case slips == 0 && alike(word, got[i]):
			got[i] = word
			slips++
		default:
			return ""
		}
	}
	if slips == 0 { // the face has it, and does without it here
		return ""
	}
	return strings.Join(got, "/")
}

// alike reports whether two words differ in their letter case, or in no more than two
// letters next to each other.
func alike(a, b string) bool {
	if strings.EqualFold(a, b) {
		return true
	}
	begin := 0
	for begin < min(len(a), len(b)) && a[begin] == b[begin] {
		begin++
	}
	a, b = a[begin:], b[begin:]
	for a != "" && b != "" && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	const most = 2
	return begin > 0 && len(a) <= most && len(b) <= most
}

// meant says what a path that nothing serves was probably meant to be, "" if nothing is
// like it.
func meant(x *door.Exchange, faces []Face) string {
	path := strings.TrimSuffix(x.Path, "/")
	for _, f := range faces {
		for _, guess := range guesses(path, f.Prefix()) {
			if f.Serves(guess) {
				return "did you mean " + token.Scrub(guess) + "? Every path of " + f.Name() + " begins with " + f.Prefix()
			}
		}
	}
	switch {
	case x.Method == http.MethodConnect:
		return "this door is no proxy; make it the base URL of your client"
	case below(path, "/__admin"), path == "/healthz", path == "/metrics", path == "/openapi.json":
		return "the admin API has its own port"
	case x.Sandbox != "" && path == "":
		return "the path of an operation follows behind /s/" + token.Scrub(x.Sandbox)
	}
	return ""
}

// guesses are paths below a prefix that another path may represent: without the
// prefix, with something in front of it, in other letters.
func guesses(path, prefix string) []string {
	all := []string{prefix + path}
	if at := strings.Index(path, prefix+"/"); at > 0 {
		all = append(all, path[at:])
	}
	if len(path) > len(prefix) && strings.EqualFold(path[:len(prefix)+1], prefix+"/") {
		all = append(all, prefix+path[len(prefix):])
	}
	return all
}
