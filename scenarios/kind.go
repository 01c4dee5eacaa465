package scenarios

import (
	"strconv"
	"time"
)

// kind is a shape with the way to read it: what a row needs to know of values
// of one sort.
type kind[T any] struct {
	shape
	read func(cursor) value[T]
}

var (
	flagKind      = kind[bool]{aFlag, cursor.flag}
	redundantKind = oneWord(RedundantRefuse, RedundantSuspend, RedundantAccept)
)

// oneWord is one of a few words.
func oneWord[T ~string](accepted ...T) kind[T] {
	return kind[T]{choiceOf(texts(accepted)), func(c cursor) value[T] {
		w := c.choice(texts(accepted))
		return value[T]{w.spot, w.set, T(w.v)}
	}}
}

// oneStatus is one of a few HTTP statuses.
func oneStatus(accepted ...int) kind[int] {
	words := make([]string, len(accepted))
	for i, n := range accepted {
		words[i] = strconv.Itoa(n)
	}
	return kind[int]{choiceOf(words), func(c cursor) value[int] {
		w := c.choice(words)
		n, _ := strconv.Atoi(w.v) // "" where nothing was accepted
		return value[int]{w.spot, w.set, n}
	}}
}

// wholeKind is a whole number within bounds.
func wholeKind(least, most int) kind[int] {
	says := "a whole number from " + strconv.Itoa(least) + " to " + strconv.Itoa(most)
	return kind[int]{whole(says, least, most), func(c cursor) value[int] { return c.whole(least, most) }}
}

// spanKind is a duration within a bound.
func spanKind(says string, most time.Duration) kind[time.Duration] {
	return kind[time.Duration]{shape{says, durationForm}, func(c cursor) value[time.Duration] { return c.span(most) }}
}
