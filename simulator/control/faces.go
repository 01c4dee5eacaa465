package control

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
)

// Face is what the control door has to know of a face to show where it is and
// what a requestor's credentials are there.
type Face interface {
	// Name is the member under which the face is listed, "visa".
	Name() string
	// Usual is a member of a requestor's view, which reports the key that a client
	// names in every request, "" for none.
	Usual(keys any) (member, value string)
	// Shown is all of a requestor's keys as a value that JSON can be made of. It
	// holds secrets.
	Shown(keys any) (any, error)
}

// baseURL says where clients of a sandbox are pointed at.
func (s *server) baseURL(box *sandbox.Sandbox) control.BaseURL {
	base := reachable(s.NetworkURL)
	if box.ID() != sandbox.Default {
		base += "/s/" + box.ID()
	}
	return control.BaseURLs(base)
}

// view is a JSON object of which faces name some members. They come in this
// order.
type view []named

type named struct {
	name  string
	value any
}

// MarshalJSON writes the members one after the other.
func (o view) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, m := range o {
		value, err := door.JSON(m.value)
		if err != nil {
			return nil, fmt.Errorf("member %s: %w", m.name, err)
		}
		name, _ := json.Marshal(m.name) // a text always encodes
		if i > 0 {
			out.WriteByte(',')
		}
		out.Write(name)
		out.WriteByte(':')
		out.Write(value)
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}
