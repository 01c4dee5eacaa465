package main

import (
	"fmt"
	"io"
)

// report counts checks and says how each went.
type report struct {
	out            io.Writer
	passed, failed int
}

// check is one sentence and what speaks against it.
func (r *report) check(sentence string, err error) {
	if err != nil {
		r.failed++
		fmt.Fprintf(r.out, "FAIL  %s: %v\n", sentence, err)
		return
	}
	r.passed++
	fmt.Fprintf(r.out, "ok    %s\n", sentence)
}

// equal is a check that two values print alike.
func (r *report) equal(sentence string, got, want any) {
	var err error
	if fmt.Sprint(got) != fmt.Sprint(want) {
		err = fmt.Errorf("is %v, want %v", got, want)
	}
	r.check(sentence, err)
}
