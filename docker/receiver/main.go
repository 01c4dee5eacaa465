// Command receiver replaces a token requestor's notice endpoint: it says
// on stderr what arrived and answers 200 with {}, as the networks expect.
//
// It verifies and decrypts nothing, so it must not be taken for an example of
// a receiver that may trust what arrives.
package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

const (
	maxBody  = 1 << 20 // bytes read of a notice
	maxShown = 2 << 10 // bytes of it that are logged
)

func main() {
	listen, err := parse(os.Args[1:])
	if err != nil {
		os.Exit(2)
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err = serve(ctx, listen, log)
	stop()
	if err != nil {
		log.Error("receiver stopped", "error", err)
		os.Exit(1)
	}
}

// parse reads the command line.
func parse(args []string) (listen string, err error) {
	flags := flag.NewFlagSet("receiver", flag.ContinueOnError)
	flags.StringVar(&listen, "listen", "127.0.0.1:9000", "host:port to receive notices on")
	return listen, flags.Parse(args)
}

// serve receives until ctx ends, then finishes what it is answering.
func serve(ctx context.Context, listen string, log *slog.Logger) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", listen)
	if err != nil {
		return err
	}
	log.Info("waiting for notices", "address", listener.Addr().String())
	server := &http.Server{Handler: receive(log), ReadTimeout: 10 * time.Second, IdleTimeout: time.Minute}
	done := make(chan error, 1)
	go func() {
		<-ctx.Done()
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		done <- server.Shutdown(last)
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-done
}

// receive logs each request and accepts it. Headers are left out of the log,
// because they carry signatures.
func receive(log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			log.Warn("notice not read", "method", r.Method, "path", r.URL.Path, "error", err)
			http.Error(w, "notice not read", http.StatusRequestEntityTooLarge)
			return
		}
		log.Info("notice", "method", r.Method, "path", r.URL.Path, "bytes", len(body), "body", string(body[:min(len(body), maxShown)]))
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, "{}")
	})
}
