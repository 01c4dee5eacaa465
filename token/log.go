package token

import (
	"context"
	"fmt"
	"log/slog"
)

// ScrubLogs makes a handler that writes through another one with every text
// scrubbed: messages, groups and attributes, whatever their types print as.
func ScrubLogs(h slog.Handler) slog.Handler {
	if _, does := h.(scrubbing); does {
		return h
	}
	return scrubbing{h}
}

type scrubbing struct{ slog.Handler }

// Handle writes one record.
func (s scrubbing) Handle(ctx context.Context, r slog.Record) error {
	clean := slog.NewRecord(r.Time, r.Level, Scrub(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(scrubAttr(a))
		return true
	})
	return s.Handler.Handle(ctx, clean)
}

// WithAttrs adds attributes to all records.
func (s scrubbing) WithAttrs(attrs []slog.Attr) slog.Handler {
	return scrubbing{s.Handler.WithAttrs(scrubAll(attrs))}
}

// WithGroup puts what follows into a group.
func (s scrubbing) WithGroup(name string) slog.Handler {
	return scrubbing{s.Handler.WithGroup(Scrub(name))}
}

func scrubAll(attrs []slog.Attr) []slog.Attr {
	clean := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		clean[i] = scrubAttr(a)
	}
	return clean
}

func scrubAttr(a slog.Attr) slog.Attr {
	a.Key = Scrub(a.Key)
	switch v := a.Value.Resolve(); v.Kind() {
	case slog.KindString:
		a.Value = slog.StringValue(Scrub(v.String()))
	case slog.KindGroup:
		a.Value = slog.GroupValue(scrubAll(v.Group())...)
	case slog.KindAny:
		if text := fmt.Sprint(v.Any()); Scrub(text) != text {
			a.Value = slog.StringValue(Scrub(text))
		}
	case slog.KindInt64, slog.KindUint64: // a card number that somebody parsed
		if text := v.String(); Scrub(text) != text {
			a.Value = slog.StringValue(Scrub(text))
		}
	default: // times, spans, flags and fractions
		a.Value = v
	}
	return a
}
