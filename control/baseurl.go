package control

import (
	"bytes"
	"encoding/json"

	"github.com/pantomime-dev/pantomime/token"
)

// BaseURL says where a client of each party is pointed at.
type BaseURL map[token.Party]string

// BaseURLs are those below a URL of the network door.
func BaseURLs(door string) BaseURL {
	all := BaseURL{}
	for _, p := range token.Parties() {
		all[p.Name] = door + p.Path
	}
	return all
}

// MarshalJSON writes them in the order of [token.Parties].
func (b BaseURL) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	for _, p := range token.Parties() {
		at, ok := b[p.Name]
		if !ok {
			continue
		}
		name, _ := json.Marshal(p.Name) // texts always encode
		text, _ := json.Marshal(at)
		for _, part := range [][]byte{[]byte(","), name, []byte(":"), text} {
			out.Write(part)
		}
	}
	return append(append([]byte("{"), bytes.TrimPrefix(out.Bytes(), []byte(","))...), '}'), nil
}
