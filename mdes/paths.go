package mdes

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/pantomime-dev/pantomime/token"
)

// Environment is the segment in the middle of a path
// (docs/wire/mdes.md "Hosts and paths").
type Environment string

// The environments.
const (
	Sandbox    Environment = "static"
	MTF        Environment = "mtf"
	Production Environment = "" // no segment
)

// Environments lists them.
func Environments() []Environment { return []Environment{Sandbox, MTF, Production} }

// ParseEnvironment reads a segment; "" is [Production].
func ParseEnvironment(s string) (Environment, error) {
	for _, e := range Environments() {
		if string(e) == s {
			return e, nil
		}
	}
	return "", fmt.Errorf("environment %q: accepted are static, mtf and the empty one", s)
}

// endpoint is one row of the path table.
type endpoint struct {
	op      token.Operation
	service string
	name    string
}

const version = "1/0"

var endpoints = []endpoint{
	{token.MCTokenize, "digitization", "tokenize"},
	{token.MCTransact, "remotetransaction", "transact"},
	{token.MCTaskStatus, "digitization", "getTaskStatus"},
	{token.MCGetToken, "digitization", "getToken"},
	{token.MCSearchTokens, "digitization", "searchTokens"},
	{token.MCSuspend, "digitization", "suspend"},
	{token.MCUnsuspend, "digitization", "unsuspend"},
	{token.MCDelete, "digitization", "delete"},
	{token.MCGetAsset, "assets", "asset"},
	{token.MCDigitalArt, "digitization", "getDigitalAssets"}, // until version 1.2.9
}

// Operations lists the operations that have a path, in table order.
func Operations() []token.Operation {
	ops := make([]token.Operation, len(endpoints))
	for i, e := range endpoints {
		ops[i] = e.op
	}
	return ops
}

// Method is GET for getAsset and POST for the others.
func Method(op token.Operation) string {
	if op == token.MCGetAsset {
		return http.MethodGet
	}
	return http.MethodPost
}

// Path is the path of an operation below /mdes, "" for an operation without
// one. The one of getAsset ends before the id; see [Environment.AssetPath].
func (e Environment) Path(op token.Operation) string {
	for _, row := range endpoints {
		if row.op == op {
			return e.path(row.service, row.name)
		}
	}
	return ""
}

// AssetPath is the path of one asset below /mdes.
func (e Environment) AssetPath(id string) string {
	return e.Path(token.MCGetAsset) + "/" + url.PathEscape(id)
}

// NoticePath is where notices go, below a token requestor's own base URL.
func (e Environment) NoticePath() string { return e.path("digitization", "notifyTokenUpdated") }

func (e Environment) path(service, name string) string {
	if e != Production {
		service += "/" + string(e)
	}
	return "/" + service + "/" + version + "/" + name
}

// Route is what a path says.
type Route struct {
	Op      token.Operation
	Env     Environment
	AssetID string // getAsset only
}

// ParsePath reads an escaped path below /mdes; ok is false for one that no
// operation has. A slash at the end is not let pass.
func ParsePath(escaped string) (route Route, ok bool) {
	for _, env := range Environments() {
		for _, row := range endpoints {
			path := env.path(row.service, row.name)
			if row.op != token.MCGetAsset {
				if escaped == path {
					return Route{Op: row.op, Env: env}, true
				}
				continue
			}
			id, found := strings.CutPrefix(escaped, path+"/")
			if !found || id == "" || strings.Contains(id, "/") {
				continue
			}
			if id, err := url.PathUnescape(id); err == nil && len(id) <= 64 {
				return Route{row.op, env, id}, true
			}
		}
	}
	return Route{}, false
}
