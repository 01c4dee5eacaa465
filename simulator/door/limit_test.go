package door_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/simulator/door"
)

// [A6] A client that asks and never reads is dropped; one that reads slowly gets
// all of its answer.
func TestLimit_DropsWhoNeverReads(t *testing.T) {
	const limit, length = 100 * time.Millisecond, 64 << 20 // more than sockets hold
	done := make(chan error, 2)
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, err := io.WriteString(w, strings.Repeat("x", length))
		done <- err
	}))
	srv.Listener = door.Limit(srv.Listener, limit)
	srv.Start()
	defer srv.Close()
	for name, read := range map[string]func(net.Conn) int64{
		"who never reads": func(net.Conn) int64 { return 0 },
		"who reads":       func(c net.Conn) int64 { n, _ := io.Copy(io.Discard, c); return n },
	} {
		conn, err := net.Dial("tcp", srv.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
		n := read(conn)
		if err := <-done; (err == nil) != (n > length) {
			t.Errorf("%s: %d bytes read, the answer ended with %v", name, n, err)
		}
		_ = conn.Close()
	}
}
