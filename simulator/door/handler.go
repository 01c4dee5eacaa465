package door

import (
	"bufio"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	jsonpatch "github.com/evanphx/json-patch/v5"
	"github.com/gin-gonic/gin"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/token"
)

// Reply is what a face answers, as a value. The door writes it.
type Reply struct {
	Status      int
	ContentType string // "" is application/json
	Header      http.Header
	Body        []byte
	Delay       time.Duration // wall time to wait before answering
	Fault       token.Fault   // what goes wrong on the socket
	RetryAfter  time.Duration // sent as Retry-After, in whole seconds, rounded up
	Raw         *string       // a scenario's body instead of Body
	Patch       []byte        // a scenario's JSON merge patch (RFC 7396) over Body

	left bool // the client had left before its answer did
}

// overridden is the reply with what a scenario wants instead of the face's
// body. A patch over what is not JSON changes nothing.
func (r Reply) overridden() Reply {
	if r.Patch != nil {
		if body, err := jsonpatch.MergePatch(r.Body, r.Patch); err == nil {
			r.Body = body
		}
	}
	if r.Raw != nil {
		r.Body = []byte(*r.Raw)
	}
	return r
}

// Door wraps the handlers of one face.
type Door struct {
	Wall   clock.Wall
	Logger *slog.Logger
	// Internal is the face's answer to a fault of our own.
	Internal func(x *Exchange) Reply
}

// Handle turns a function that returns a value into a handler: capture, ask,
// delay, journal, fault, write. The exchange and its body are the function's until it
// returns. The journal comes before the last byte, so that
// a client that has its answer finds the entry.
func (d Door) Handle(answer func(x *Exchange) Reply) gin.HandlerFunc {
	return func(c *gin.Context) {
		x := capture(c, d.Wall.Now())
		reply := d.ask(x, answer).overridden()
		if reply.Delay > 0 && d.Wall.Sleep(x.ctx, reply.Delay) != nil {
			reply.left, reply.Fault = true, ""
		}
		d.record(x, reply)
		d.write(c, x, reply)
		x.end()
	}
}

// ask calls the handler and turns a panic, which would be our own mistake,
// into the face's internal error.
func (d Door) ask(x *Exchange, answer func(x *Exchange) Reply) (reply Reply) {
	defer func() {
		if p := recover(); p != nil {
			d.Logger.Error("handler panicked", "path", token.Scrub(x.Path), "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			reply = d.Internal(x)
		}
	}()
	return answer(x)
}

// record completes the journal entry.
func (d Door) record(x *Exchange, r Reply) {
	if x.Journal == nil {
		return
	}
	x.describe()
	e := &x.Entry
	e.Took = d.Wall.Now().Sub(x.Wall)
	e.Delay, e.Fault = r.Delay, r.Fault
	got := r.received()
	if got.Body == nil {
		e.Response.Clear = nil
	}
	e.Response.Status, e.Response.Size, e.Response.Body = got.Status, len(got.Body), got.Body
	x.Journal.Add(e)
}

// write is the only place that answers on a network door.
func (d Door) write(c *gin.Context, x *Exchange, r Reply) {
	if r.left {
		hijack(c, func(net.Conn, *bufio.ReadWriter) {})
		return
	}
	h := c.Writer.Header()
	for name, values := range r.Header {
		h[name] = values
	}
	if r.Status != http.StatusMethodNotAllowed {
		h.Del("Allow") // the face does not know the path at all
	}
	if r.ContentType == "" {
		r.ContentType = "application/json"
	}
	if r.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int((r.RetryAfter+time.Second-1)/time.Second)))
	}
	if r.Fault != "" && d.strike(c, x, r) {
		return
	}
	h.Set("Content-Type", r.ContentType)
	h.Set("Content-Length", strconv.Itoa(len(r.Body)))
	c.Writer.WriteHeader(r.Status)
	c.Writer.WriteHeaderNow()
	_, _ = c.Writer.Write(r.Body)
}
