package arrows

import "testing"

func TestProject_Circles(t *testing.T) { report(t, CheckCircles(readProject(t))) }

func TestCheckCircles_Planted(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		want  []string
	}{
		{
			name:  "a ladder",
			files: map[string]string{"a/x.go": source("a", "b"), "b/y.go": source("b", "c/d"), "c/d/z.go": source("d")},
		},
		{
			name: "two folders whose packages import each other crosswise",
			files: map[string]string{
				"a/one/x.go": source("one", "b/two"), "b/two/x.go": source("two"),
				"b/one/x.go": source("one", "a/two"), "a/two/x.go": source("two"),
			},
			want: []string{"a ↔ b: " + whyCircle},
		},
		{
			name:  "a way round over three",
			files: map[string]string{"a/x.go": source("a", "b"), "b/x.go": source("b", "c"), "c/x.go": source("c"), "c/d/x.go": source("d", "a")},
			want:  []string{"a ↔ b ↔ c: " + whyCircle},
		},
		{
			name:  "folders below internal belong to all levels",
			files: map[string]string{"internal/low/x.go": source("low"), "a/x.go": source("a", "internal/low"), "internal/high/x.go": source("high", "a")},
		},
		{
			name:  "a test may look back",
			files: map[string]string{"a/x.go": source("a", "b"), "b/x.go": source("b"), "b/x_test.go": source("b", "a")},
		},
		{
			name:  "the root counts as a folder",
			files: map[string]string{"x.go": source("project", "a"), "a/x.go": source("a", "a/b"), "a/b/x.go": source("b")},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { expect(t, CheckCircles(plant(t, tt.files)), tt.want...) })
	}
}
