package request_test

import (
	"encoding/json"
	"testing"

	"github.com/pantomime-dev/pantomime/harness/request"
)

const good = `{"a":{"b":"c"},"d":1}`

func object(body []byte) error {
	var members map[string]any
	return json.Unmarshal(body, &members)
}

func TestBody_WhatIsNoObject(t *testing.T) {
	for name, alter := range map[string]func([]byte) []byte{
		"only a text": request.Only(`"text"`), "nothing": request.Only(""), "halved": request.Halved, "unclosed": request.Unclosed,
		"trailed": request.Trailed, "doubled": request.Doubled, "listed": request.Listed, "single-quoted": request.SingleQuoted,
	} {
		d := request.New("POST", []byte(good))
		before := d.Body
		d.Rewrite(alter)
		if err := object(d.Body); err == nil {
			t.Errorf("%s: %s is a good object", name, d.Body)
		}
		if string(before) != good {
			t.Errorf("%s: the body that others may share became %s", name, before)
		}
	}
}

func TestBody_WhatStaysOne(t *testing.T) {
	if got := string(request.Extended([]byte(good), `"e":null`)); got != `{"a":{"b":"c"},"d":1,"e":null}` {
		t.Errorf("extended: %s", got)
	}
	if huge := request.Huge([]byte(good)); object(huge) != nil || len(huge) < 2<<20 {
		t.Errorf("huge: %d bytes, %v", len(huge), object(huge))
	}
	tests := []struct {
		path  string
		value any
		want  string
	}{
		{"d", "x", `{"a":{"b":"c"},"d":"x"}`},
		{"d", nil, `{"a":{"b":"c"}}`},
		{"a.b", []string{}, `{"a":{"b":[]},"d":1}`},
		{"a.b", nil, `{"a":{},"d":1}`},
		{"e", true, `{"a":{"b":"c"},"d":1,"e":true}`},
	}
	for _, tt := range tests {
		if got := string(request.WithMember([]byte(good), tt.path, tt.value)); got != tt.want {
			t.Errorf("%s becomes %v: %s, want %s", tt.path, tt.value, got, tt.want)
		}
	}
}
