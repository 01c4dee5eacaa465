package main

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// exchange sends the request of a block to the control door and compares the
// answer: the status, and each member that the document shows. {ref} is the
// newest token, {id} the newest notice.
func (p *reader) exchange(b block) {
	asked, answered, ok := strings.Cut(b.text, "\nHTTP/1.1 ")
	if !ok {
		p.t.Errorf("%s: the block shows no answer", p.at)
		return
	}
	p.tried++
	head, body, _ := strings.Cut(asked, "\n\n")
	lines := strings.Split(strings.TrimSpace(head), "\n")
	method, path, _ := strings.Cut(lines[0], " ")
	for name, list := range map[string]string{"{ref}": "/__admin/v1/tokens", "{id}": "/__admin/v1/callbacks"} {
		if strings.Contains(path, name) {
			path = strings.ReplaceAll(path, name, p.newest(list, strings.Trim(name, "{}")))
		}
	}
	req, err := http.NewRequest(method, p.ports.Admin+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatalf("%s: %v", p.at, err)
	}
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ": ")
		req.Header.Set(name, value)
	}
	status, got := p.send(req)
	statusLine, want, _ := strings.Cut(answered, "\n")
	if text := strconv.Itoa(status) + " " + http.StatusText(status); text != statusLine {
		p.t.Errorf("%s: %s answers %s, not %s\n%s", p.at, lines[0], text, statusLine, got)
		return
	}
	var shown, answer any
	if err := json.Unmarshal([]byte(want), &shown); err != nil {
		p.t.Errorf("%s: the answer shown is no JSON: %v", p.at, err)
	}
	if err := json.Unmarshal(got, &answer); err != nil {
		p.t.Fatalf("%s: %v", p.at, err)
	}
	if diff := within(shown, answer, ""); diff != "" {
		p.t.Errorf("%s: %s: %s\n%s", p.at, lines[0], diff, got)
	}
}

func (p *reader) send(req *http.Request) (int, []byte) {
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatalf("%s: %v", p.at, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatalf("%s: %v", p.at, err)
	}
	return resp.StatusCode, body
}

// newest is a member of the last item of a collection.
func (p *reader) newest(list, member string) string {
	req, err := http.NewRequest(http.MethodGet, p.ports.Admin+list, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	var all struct {
		Items []map[string]any `json:"items"`
	}
	_, body := p.send(req)
	if err := json.Unmarshal(body, &all); err != nil || len(all.Items) == 0 {
		p.t.Fatalf("%s: %s is empty: %v", p.at, list, err)
	}
	text, _ := all.Items[len(all.Items)-1][member].(string)
	return text
}

// within says where an answer is not what a document shows of it; "…" represents
// any text, and at the end of a list for further items.
func within(shown, answer any, at string) string {
	switch want := shown.(type) {
	case map[string]any:
		got, ok := answer.(map[string]any)
		if !ok {
			return at + " is no object"
		}
		for name, value := range want {
			member, ok := got[name]
			if !ok {
				return at + "." + name + " is missing"
			}
			if diff := within(value, member, at+"."+name); diff != "" {
				return diff
			}
		}
	case []any:
		got, ok := answer.([]any)
		if n := len(want); n > 0 && want[n-1] == "…" {
			if want = want[:n-1]; ok && len(got) >= n {
				got = got[:n-1]
			}
		}
		if !ok || len(got) != len(want) {
			return at + " is a list of another length"
		}
		for i := range want {
			if diff := within(want[i], got[i], at+"["+strconv.Itoa(i)+"]"); diff != "" {
				return diff
			}
		}
	default:
		if shown != answer && shown != "…" {
			return at + " is another value"
		}
	}
	return ""
}
