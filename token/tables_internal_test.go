package token

import "testing"

// A new operation or event needs a row in each table that the language reads.
func TestTables_HaveARowForEverything(t *testing.T) {
	for _, row := range operations {
		if _, ok := traits[row.Op]; !ok {
			t.Errorf("no traits of %s", row.Op)
		}
	}
	for _, row := range events {
		if a, ok := aftermaths[row.Type]; !ok || len(a.leaves) == 0 {
			t.Errorf("nothing says what %s leaves behind", row.Type)
		}
	}
	if len(traits) != len(operations) || len(aftermaths) != len(events) {
		t.Errorf("%d traits of %d operations, %d aftermaths of %d events", len(traits), len(operations), len(aftermaths), len(events))
	}
}
