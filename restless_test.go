package pantomime_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/token"
)

// [D3] A timeline that sets itself off faster than anybody could want, or that
// branches each time, is stopped and says so; the sandbox goes on, on each clock.
func TestTimeline_ThatSetsItselfOffIsStopped(t *testing.T) {
	const most = 5000
	for name, timeline := range map[string]string{
		"a circle": `
  - { on: token.suspended, after: 1ns, do: resume }
  - { on: token.resumed, after: 1ns, do: suspend }
`,
		"one that branches": `
  - { on: token.suspended, after: 1m, do: update-metadata }
  - { on: card.metadata-updated, after: 1s, do: update-metadata }
  - { on: card.metadata-updated, after: 1s, do: update-metadata }
`,
	} {
		for _, mode := range []clock.Mode{clock.System, clock.Manual} {
			t.Run(name+" on a "+string(mode)+" clock", func(t *testing.T) {
				log := new(buffer)
				net := pantomime.Run(t, "version: 1\nname: restless\ntimeline:"+timeline, pantomime.With(func(o *pantomime.Options) {
					o.ClockMode, o.Logger = mode, slog.New(slog.NewTextHandler(log, nil))
				}))
				ref := tokenize(t, net)
				if _, err := net.Control.Transition(t.Context(), ref, control.Transition{Do: "suspend"}); err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				for range 10 {
					if _, err := net.Control.Advance(ctx, control.Advance{By: new(control.Duration(5 * time.Minute))}); err != nil {
						t.Fatal(err)
					}
				}
				if err := net.Sandbox().Quiet(ctx); err != nil {
					t.Fatal(err)
				}
				if list, err := net.Control.Callbacks(ctx, control.CallbackQuery{Limit: 1}); err != nil || list.Total > most {
					t.Errorf("%d notices, %v", list.Total, err)
				}
				if !strings.Contains(log.String(), "does not come to rest") {
					t.Errorf("nothing is said:\n%s", log)
				}
				if got, err := net.Control.Token(ctx, ref); err != nil || got.Status == token.Deactivated {
					t.Errorf("%+v, %v", got, err)
				}
			})
		}
	}
}
