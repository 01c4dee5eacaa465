package arrows

import "testing"

func TestCheckClock_Planted(t *testing.T) {
	tests := []struct {
		name, file, src string
		want            []string
	}{
		{"asks for the time", "vts/a.go", "package vts\nimport \"time\"\nvar at = time.Now()\n", []string{"vts/a.go:3 time.Now: " + whyClock}},
		{"asks under another name", "vts/a.go", "package vts\nimport t \"time\"\nfunc f() { t.Sleep(1); <-t.After(2) }\n", []string{"vts/a.go:3 time.Sleep", "vts/a.go:3 time.After"}},
		{"passes the function on", "vts/a.go", "package vts\nimport \"time\"\nvar now = time.Now\n", []string{"vts/a.go:3 time.Now"}},
		{
			"every way of asking", "mdes/a.go",
			"package mdes\nimport \"time\"\nvar all = []any{time.AfterFunc, time.NewTimer, time.NewTicker, time.Since, time.Until, time.Tick}\n",
			[]string{"mdes/a.go:3 time.AfterFunc", "mdes/a.go:3 time.NewTimer", "mdes/a.go:3 time.NewTicker", "mdes/a.go:3 time.Since", "mdes/a.go:3 time.Until", "mdes/a.go:3 time.Tick"},
		},
		{"hides the package", "vts/a.go", "package vts\nimport . \"time\"\nvar at = Now()\n", []string{"vts/a.go: a dot import"}},
		{"the clock itself", "clock/a.go", "package clock\nimport \"time\"\nvar at = time.Now()\n", nil},
		{"durations and instants", "vts/a.go", "package vts\nimport \"time\"\nvar d = 3 * time.Second\nvar at time.Time = time.Unix(0, 0).Add(d)\n", nil},
		{"somebody else's Now", "vts/a.go", "package vts\nimport \"time\"\ntype w struct{ d time.Duration }\nfunc f(time w) { time.Now() }\nfunc (w) Now() {}\n", nil},
		{"a test that sleeps", "vts/a_test.go", "package vts\nimport \"time\"\nfunc f() { time.Sleep(1) }\n", []string{"vts/a_test.go:3: " + whySleep}},
		{"a test that sleeps by a channel", "vts/a_test.go", "package vts\nimport \"time\"\nfunc f() { <-time.After(1) }\n", []string{"vts/a_test.go:3: " + whySleep}},
		{"a test with a deadline", "vts/a_test.go", "package vts\nimport \"time\"\nfunc f() {\n\tselect {\n\tcase <-time.After(1):\n\t}\n}\n", nil},
		{"a test in a bubble", "vts/a_test.go", "package vts\nimport (\n\t_ \"testing/synctest\"\n\t\"time\"\n)\nfunc f() { time.Sleep(1) }\n", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			expect(t, CheckClock(plant(t, map[string]string{tt.file: tt.src})), tt.want...)
		})
	}
}
