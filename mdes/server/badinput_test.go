package server_test

import (
	"slices"
	"testing"
)

// TestBadInput_Cases counts the tables of bad requests over HTTP, so that none
// gets lost: each row is sent by the test of its own table.
func TestBadInput_Cases(t *testing.T) {
	w := newWorld(t, twoShops)
	foreign, used := w.foreign(), w.tokenize(goodPAN)
	tables := map[string][]string{}
	add := func(table, name string) { tables[table] = append(tables[table], name) }
	for _, c := range oauthFailures {
		add("signatures", c.name)
	}
	for _, c := range bodyFailures {
		add("bodies", c.name)
	}
	for _, c := range payloadFailures {
		add("payloads", c.name)
	}
	for _, c := range jweFailures {
		add("payloads in JWE", c.name)
	}
	for _, c := range innerFailures {
		add("clear texts", c.name)
	}
	for _, c := range fieldFailures(w, used.TokenUniqueReference) {
		add("fields of other operations", string(c.op)+" "+c.name)
	}
	for _, c := range artFailures {
		add("getDigitalAssets", c.name)
	}
	for _, c := range findings(w, used, foreign) {
		add("findings", c.name)
	}
	for _, c := range misses {
		add("paths", c.name)
	}
	total := 0
	for table, names := range tables {
		slices.Sort(names)
		if different := len(slices.Compact(slices.Clone(names))); different != len(names) || slices.Contains(names, "") {
			t.Errorf("%s: %d rows, %d names", table, len(names), different)
		}
		total += len(names)
		t.Logf("%s: %d", table, len(names))
	}
	if least := 200; total < least {
		t.Errorf("%d cases, at least %d are wanted", total, least)
	}
}
