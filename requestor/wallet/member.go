package wallet

import (
	"encoding/json"
	"strconv"
	"strings"
)

// find walks a dotted path to the object that holds its last name.
func find(body map[string]any, path string) (holder map[string]any, name string, ok bool) {
	parts := strings.Split(path, ".")
	holder = body
	for _, part := range parts[:len(parts)-1] {
		if holder, ok = holder[part].(map[string]any); !ok {
			return nil, "", false
		}
	}
	name = parts[len(parts)-1]
	_, ok = holder[name]
	return holder, name, ok
}

// Member finds a member of a decoded JSON value by dotted path; items of a list
// are named by their index. What is no text is given as JSON.
func Member(in any, path string) (text string, ok bool) {
	for name := range strings.SplitSeq(path, ".") {
		switch holder := in.(type) {
		case map[string]any:
			if in, ok = holder[name]; !ok {
				return "", false
			}
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(holder) {
				return "", false
			}
			in = holder[i]
		default:
			return "", false
		}
	}
	if text, ok = in.(string); ok {
		return text, true
	}
	raw, err := json.Marshal(in)
	return string(raw), err == nil
}
