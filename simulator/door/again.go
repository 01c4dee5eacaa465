package door

import "github.com/pantomime-dev/pantomime/simulator/journal"

// maxStarts bounds how often a request begins again. Each time its sandbox was
// reset or deleted meanwhile, so twice in a row is rare already.
const maxStarts = 100

// Again asks answer until the sandbox it has found did not end under way, which
// answer reports; each time the exchange is as it was received. If it never
// finds one that lasts, the last answer counts.
func (x *Exchange) Again(answer func() (reply Reply, ended bool)) Reply {
	reply, ended := answer()
	for n := 1; ended && n < maxStarts; n++ {
		x.Journal, x.Authenticated, x.decoded = nil, false, nil
		x.Entry = journal.Draft{About: journal.About{Wall: x.Entry.Wall, Trace: x.Entry.Trace}}
		reply, ended = answer()
	}
	return reply
}
