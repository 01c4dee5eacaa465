package door

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/pantomime-dev/pantomime/token"
)

// Bounds of the faults that hold a connection open.
const (
	maxHang   = 5 * time.Minute
	dripPause = 50 * time.Millisecond
	maxDrips  = 100
)

// Page is what proxies in front of an API answer when they are failing.
const Page = "<!DOCTYPE html><html><head><title>Service</title></head><body><h1>The service is not available</h1></body></html>\n"

// strike carries out a fault on the socket and reports whether the answer is
// thereby dealt with. Faults of the body's content (wrong key, bad
// ciphertext) and the status faults are the face's; they arrive here as an
// ordinary answer.
func (d Door) strike(c *gin.Context, x *Exchange, r Reply) bool {
	switch r.Fault {
	case token.FaultReset:
		hijack(c, func(conn net.Conn, _ *bufio.ReadWriter) { linger(conn) })
	case token.FaultHang:
		_ = d.Wall.Sleep(x.ctx, maxHang)
		hijack(c, func(net.Conn, *bufio.ReadWriter) {})
	case token.FaultDropResponse:
		hijack(c, func(net.Conn, *bufio.ReadWriter) {})
	case token.FaultTruncate:
		hijack(c, func(_ net.Conn, rw *bufio.ReadWriter) {
			fmt.Fprintf(rw, "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n", r.Status, http.StatusText(r.Status), r.ContentType, len(r.Body))
			_, _ = rw.Write(r.received().Body)
			_ = rw.Flush()
		})
	case token.FaultSlow:
		d.drip(c, x, r)
	case token.FaultHTML:
		answer(c, http.StatusOK, "text/html; charset=utf-8", []byte(Page))
	case token.FaultEmpty:
		answer(c, http.StatusOK, "application/json", nil)
	case token.FaultMalformedJSON:
		answer(c, r.Status, r.ContentType, r.received().Body)
	case token.FaultWrongContentType:
		answer(c, r.Status, "text/html; charset=utf-8", r.Body)
	default:
		return false
	}
	return true
}

// linger makes closing the connection a reset instead of an orderly end.
func linger(conn net.Conn) {
	if t, ok := conn.(interface{ SetLinger(int) error }); ok {
		_ = t.SetLinger(0)
		return
	}
	if t, ok := conn.(interface{ NetConn() net.Conn }); ok {
		linger(t.NetConn())
	}
}

// hijack takes the connection over and closes it after use.
func hijack(c *gin.Context, use func(net.Conn, *bufio.ReadWriter)) {
	conn, rw, err := c.Writer.Hijack()
	if err != nil {
		c.Abort()
		return
	}
	defer conn.Close()
	use(conn, rw)
}

// drip sends the answer in small pieces.
func (d Door) drip(c *gin.Context, x *Exchange, r Reply) {
	c.Writer.Header().Set("Content-Type", r.ContentType)
	c.Writer.WriteHeader(r.Status)
	step := max(8, len(r.Body)/maxDrips+1)
	for body := r.Body; len(body) > 0; {
		n := min(step, len(body))
		if _, err := c.Writer.Write(body[:n]); err != nil {
			return
		}
		c.Writer.Flush()
		body = body[n:]
		if d.Wall.Sleep(x.ctx, dripPause) != nil {
			return
		}
	}
}

func answer(c *gin.Context, status int, contentType string, body []byte) {
	c.Writer.Header().Set("Content-Type", contentType)
	c.Writer.WriteHeader(status)
	c.Writer.WriteHeaderNow()
	_, _ = c.Writer.Write(body)
}

// malformed breaks a JSON text so that no parser accepts it.
func malformed(body []byte) []byte {
	if len(body) == 0 {
		return []byte("{")
	}
	return append(append([]byte(nil), body[:len(body)-1]...), `,"`...)
}

// received is the reply as it reaches the client, with the fault done to it.
// Without a status nothing does.
func (r Reply) received() Reply {
	if r.left {
		return Reply{}
	}
	switch r.Fault {
	case token.FaultReset, token.FaultHang, token.FaultDropResponse:
		return Reply{}
	case token.FaultHTML:
		return Reply{Status: http.StatusOK, Body: []byte(Page)}
	case token.FaultEmpty:
		return Reply{Status: http.StatusOK}
	case token.FaultTruncate:
		r.Body = r.Body[:len(r.Body)/2]
	case token.FaultMalformedJSON:
		r.Body = malformed(r.Body)
	}
	return r
}
