package pantomime_test

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/internal/sweep"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

var emptySandbox = sandbox.Request{}

// slowHeaders begins a request and looks whether it is still waited for after so
// many seconds.
func slowHeaders(l *limited, seconds int) string {
	conn := stage.Must(net.Dial("tcp", strings.TrimPrefix(l.NetworkURL(), "http://")))(l.T)
	defer conn.Close()
	fmt.Fprint(conn, "GET / HTTP/1.1\r\n")
	_ = conn.SetReadDeadline(clock.Real().Now().Add(time.Duration(seconds) * time.Second))
	if _, err := io.ReadAll(conn); !errors.Is(err, errTimeout(err)) {
		return "closed"
	}
	return ""
}

// errTimeout is err, if time ran out.
func errTimeout(err error) error {
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return err
	}
	return io.EOF
}

// neverReads asks without reading, and looks whether that is borne for so many
// seconds.
func neverReads(l *limited, seconds int) string {
	in := newPipes()
	sim := started(l.T, pantomime.Options{Network: "network.example", Admin: "admin.localhost", Listen: in.listen, Dial: in.dial})
	conn := ask(l.T, in, "network.example", "/vts/nothing")
	if _, err := io.ReadFull(conn, make([]byte, 1)); err != nil {
		l.Fatal(err, sim.NetworkURL())
	}
	_ = conn.SetWriteDeadline(clock.Real().Now().Add(time.Duration(seconds) * time.Second))
	if _, err := conn.Write(make([]byte, 100)); !errors.Is(err, errTimeout(err)) {
		return "closed"
	}
	return ""
}

// manyFollowers waits for news so many times at once.
func manyFollowers(l *limited, n int) string {
	via := &http.Client{Transport: &http.Transport{MaxConnsPerHost: 0}}
	defer via.CloseIdleConnections()
	admin := stage.Must(control.New(l.AdminURL(), via, ""))(l.T)
	var all sync.WaitGroup
	refused := make(chan error, n)
	for range n {
		all.Go(func() {
			_, err := admin.Requests(l.Context(), control.ExchangeQuery{Wait: control.Duration(2 * time.Second)})
			if err != nil {
				refused <- err
			}
		})
	}
	all.Wait()
	select {
	case err := <-refused:
		var p *control.Problem
		if errors.As(err, &p) {
			return fmt.Sprint(p.Status, p.Code)
		}
		return err.Error()
	default:
		return ""
	}
}

// tooLong checks a file of so many bytes, as a command would, and posts it.
func tooLong(l *limited, n int) string {
	text := "version: 1\n#" + x(n-len("version: 1\n#"))
	_, found := scenarios.Parse("long.yaml", []byte(text))
	return fmt.Sprint(found, l.ask("PUT", l.AdminURL()+"/__admin/v1/scenarios", "application/yaml", text))
}

func unknownKeys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "unknown-%d: 1\n", i)
	}
	return b.String()
}

// restless lets a timeline go on until it rests, and says what the log says.
func restless(l *limited, timeline string) string {
	said := new(buffer)
	net := pantomime.Run(l.T, "version: 1\nname: restless\ntimeline:"+timeline, pantomime.With(func(o *pantomime.Options) {
		o.ClockMode, o.Logger = clock.Manual, slog.New(slog.NewTextHandler(said, nil))
	}))
	ref := tokenize(l.T, net)
	stage.Must(net.Control.Transition(l.Context(), ref, control.Transition{Do: "suspend"}))(l.T)
	stage.Must(net.Control.Advance(l.Context(), control.Advance{By: new(control.Duration(time.Minute))}))(l.T)
	return said.String()
}

// rounds sets a timeline off that rests after so many, one each 9 ms.
func rounds(l *limited, n int) string {
	return restless(l, fmt.Sprintf(`
  - { on: token.suspended, after: 9ms, do: resume, times: %d }
  - { on: token.resumed, after: 9ms, do: suspend, times: %d }
`, (n+1)/2, n/2))
}

// branches has a change of the card's art bring about so many others at once.
func branches(l *limited, n int) string {
	return restless(l, "\n  - { on: token.suspended, after: 1s, do: update-metadata, times: 1 }\n"+
		strings.Repeat("  - { on: card.metadata-updated, after: 2h, do: update-metadata, times: 1 }\n", n))
}

var keptTrials = map[string]trial{
	"journal of a sandbox": {coarse: 2 << 20, to: func(l *limited, n int) string { return dropped(l, l.Running, fillJournal(l, l.Running, n)) }},
	"journals of all sandboxes (`Options.JournalBytes`)": {coarse: 24 << 20, to: func(l *limited, n int) string {
		scale := sweep.Rounds(l.T, 64, 1)
		net := pantomime.Run(l.T, "", pantomime.With(func(o *pantomime.Options) {
			if scale > 1 {
				o.JournalBytes = 256 << 20 / int64(scale)
			}
		}))
		var ids []string
		boxes := max(2, 32/scale)
		for range boxes {
			ids = append(ids, fillJournal(l, net, n/scale/boxes))
		}
		return dropped(l, net, ids...)
	}},
	"notices of all sandboxes (`Options.NoticeBytes`)": {coarse: 32 << 20, to: fillNotices},
	"notices of a sandbox in progress at once":         {to: manyNotices},
}

// fillJournal makes a sandbox whose journal would take so many bytes.
func fillJournal(l *limited, net *pantomime.Running, bytes int) (id string) {
	const each = 4864 + 192 // what is allocated for 4 KiB and what the entry says besides
	box := stage.Must(net.Control.CreateSandbox(l.Context(), control.NewSandbox{}))(l.T)
	for range bytes / each {
		l.ask("POST", box.Sandbox.BaseURL[token.PartyVisa]+"/nothing", "application/json", x(4<<10))
	}
	return box.Sandbox.ID
}

// dropped reports exchanges that journals gave up.
func dropped(l *limited, net *pantomime.Running, ids ...string) (said string) {
	for _, id := range ids {
		if list := stage.Must(net.Control.In(id).Requests(l.Context(), control.ExchangeQuery{Limit: 1}))(l.T); list.Dropped > 0 {
			said += fmt.Sprintln(id, list.Dropped, "dropped")
		}
	}
	return said
}

// fillNotices makes notices that would take so many bytes.
func fillNotices(l *limited, bytes int) string {
	const each, atOnce = 1 << 10, 500
	scale := sweep.Rounds(l.T, 64, 1)
	net := pantomime.Run(l.T, "", pantomime.With(func(o *pantomime.Options) {
		if scale > 1 {
			o.NoticeBytes = 256 << 20 / int64(scale)
		}
	}))
	ref := tokenize(l.T, net)
	for n := range bytes / scale / each / atOnce {
		stage.Must(net.Control.Transition(l.Context(), ref, control.Transition{
			Do: []string{"suspend", "resume"}[n%2], Variants: control.Variants{Duplicate: atOnce - 1},
		}))(l.T)
	}
	if err := net.Sandbox().Quiet(l.Context()); err != nil {
		l.Fatal(err)
	}
	if list := stage.Must(net.Control.Callbacks(l.Context(), control.CallbackQuery{Limit: 1}))(l.T); list.Dropped > 0 {
		return fmt.Sprint(list.Dropped, " dropped")
	}
	return ""
}

// manyNotices has notices of so many tokens on their way, and reports the state of
// one that has to wait.
func manyNotices(l *limited, n int) string {
	const most = 32
	entered, release := make(chan struct{}, n), make(chan struct{})
	receiver := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		entered <- struct{}{}
		<-release
	}))
	defer receiver.Close()
	defer close(release)
	net := pantomime.Run(l.T, "", pantomime.With(func(o *pantomime.Options) { o.Notify = receiver.URL }))
	for i := range n {
		ref := tokenizeCard(l.T, net, i)
		stage.Must(net.Control.Transition(l.Context(), ref, control.Transition{Do: "suspend"}))(l.T)
	}
	for range min(n, most) {
		<-entered
	}
	list := stage.Must(net.Control.Callbacks(l.Context(), control.CallbackQuery{State: "scheduled"}))(l.T)
	for _, c := range list.Items {
		return c.State
	}
	return ""
}
