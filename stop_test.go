package pantomime_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/token"
)

// ask writes a request to a door without sockets, which has read all of it then.
func ask(t *testing.T, in *pipes, host, path string) net.Conn {
	t.Helper()
	conn := stage.Must(in.dial(t.Context(), "", host+":80"))(t)
	t.Cleanup(func() { _ = conn.Close() })
	if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", path, host); err != nil {
		t.Fatal(err)
	}
	return conn
}

// [A6] A stop does not wait for who holds it up: clients that ask and never read,
// one that waits for news, and one that a fault keeps waiting.
func TestStop_IsNotHeldUp(t *testing.T) {
	in := newPipes()
	sim, err := pantomime.Start(pantomime.Options{Network: "network.example", Admin: "admin.localhost", Listen: in.listen, Dial: in.dial})
	if err != nil {
		t.Fatal(err)
	}
	via := &http.Client{Transport: &http.Transport{DialContext: in.dial}}
	admin := stage.Must(control.New(sim.AdminURL(), via, ""))(t)
	env := stage.Must(admin.Env(t.Context()))(t)
	stage.Must(admin.FailNext(t.Context(), control.FailNext{Fault: token.FaultHang}))(t)

	one := make([]byte, 1)
	for range 50 {
		for host, path := range map[string]string{"network.example": "/vts/nothing", "admin.localhost": "/openapi.json"} {
			if _, err := io.ReadFull(ask(t, in, host, path), one); err != nil { // it is being answered now
				t.Fatal(err)
			}
		}
	}
	ask(t, in, "admin.localhost", "/__admin/v1/requests?wait=30s&after=r-1000000")
	hung := sim.Sandbox().Journal().Changed()
	var client sync.WaitGroup
	client.Go(func() {
		keys := env.Requestors[0].Visa
		_, _ = visaVia(t, via, sim.NetworkURL(), keys).GetToken(t.Context(), strings.Repeat("0", 32))
	})
	<-hung

	const limit = 3 * time.Second
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	if err := sim.Stop(ctx); err != nil || ctx.Err() != nil {
		t.Errorf("%v; after its time: %v", err, ctx.Err())
	}
	via.CloseIdleConnections()
	client.Wait()
}
