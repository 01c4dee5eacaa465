package scenarios

import "time"

// The modes of a sandbox's clock.
const (
	ClockSystem = "system" // wall time, which advance moves ahead
	ClockManual = "manual" // moves only when it is advanced
)

type clockDraft struct {
	mode      word
	modeGiven bool // also when it was refused
	start     value[time.Time]
}

var aMoment = shape{
	"a moment, 2026-03-01T09:00:00Z",
	pattern(`^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$`),
}.like("2026-03-01T09:00:00Z")

var clockKeys = table[clockDraft]{
	{
		"mode", false, choiceOf([]string{ClockSystem, ClockManual}).unlessGiven(ClockSystem), "`system` is wall time, which `clock advance` moves ahead; `manual` moves only when it is advanced",
		func(c cursor, d *clockDraft) {
			d.mode, d.modeGiven = c.choice([]string{ClockSystem, ClockManual}), true
		},
	},
	{
		"start", false, aMoment, "where a manual clock begins; with its time zone, in the years 2000 to 2099",
		func(c cursor, d *clockDraft) { d.start = c.instant() },
	},
}

// compile refuses a start for a clock that cannot be set.
func (d clockDraft) compile(r *report) Clock {
	if d.start.set && (d.mode.v == ClockSystem || !d.modeGiven) {
		r.refuse(d.start.spot, "a start needs mode: manual; a system clock starts now")
	}
	return Clock{Mode: d.mode.v, Start: d.start.v}
}
