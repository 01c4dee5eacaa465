package play

import "strings"

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
