package harness

import (
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/internal/yamldoc"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
)

// ErrTarget says that a target file cannot be used.
var ErrTarget = errors.New("target file")

// maxTarget bounds a target file and each file it names.
const maxTarget = 1 << 20

// LoadTarget reads a target file strictly; PEM files it names are looked for
// next to it. The error wraps [ErrTarget] and lists every finding as
// "file:line:column: what".
func LoadTarget(file string) (Target, error) {
	data, err := readShort(file)
	if err != nil {
		return Target{}, fmt.Errorf("%w: %w", ErrTarget, err)
	}
	return ParseTarget(file, data)
}

// ParseTarget reads the text of a target file; file is its name in messages.
func ParseTarget(file string, data []byte) (Target, error) {
	var t Target
	err := yamldoc.Decode(file, data, &t)
	var found yamldoc.Errors
	if err != nil && !errors.As(err, &found) {
		return Target{}, fmt.Errorf("%w: %w", ErrTarget, err)
	}
	if root, _ := yamldoc.Parse(file, data); root != nil && root.Kind == yamldoc.Map {
		c := &targetChecker{file: file, root: root, found: found}
		c.target(&t)
		found = c.found
	}
	if len(found) > 0 {
		return Target{}, fmt.Errorf("%w:\n%w", ErrTarget, found)
	}
	return t, nil
}

// Encode writes the target as a file that [LoadTarget] reads, secrets
// included.
func (t Target) Encode() ([]byte, error) { return yamldoc.Encode(t) }

// readShort reads a file, or a pipe, of at most [maxTarget] bytes.
func readShort(file string) ([]byte, error) {
	f, err := os.OpenFile(file, os.O_RDONLY|syscall.O_NONBLOCK, 0) // a pipe that nobody writes to is empty, and not waited for
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, maxTarget+1))
	if err == nil && len(data) > maxTarget {
		err = fmt.Errorf("%s has more than %d bytes", file, maxTarget)
	}
	return data, err
}

// readPEM reads what a target file names. Only a regular file will do: a
// device or a pipe might never end.
func readPEM(file string) ([]byte, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%w: no regular file", errPEM)
	}
	return readShort(file)
}

// targetChecker collects findings about what a target file says.
type targetChecker struct {
	file  string
	root  *yamldoc.Node
	found yamldoc.Errors
}

// refuse complains about the value at a dotted path, or about the nearest part
// of the path that is there.
func (c *targetChecker) refuse(path, format string, args ...any) {
	node := c.root
	for name := range strings.SplitSeq(path, ".") {
		next, ok := node.Get(name)
		if !ok || next.IsNull() {
			break
		}
		node = next
	}
	c.found = append(c.found, node.Errorf(c.file, path+": "+format, args...))
}

func (c *targetChecker) need(path, value string) bool {
	if value == "" {
		c.refuse(path, "is missing")
	}
	return value != ""
}

func (c *targetChecker) target(t *Target) {
	if t.Version != 1 {
		c.refuse("version", "must be 1")
	}
	if t.Visa == nil && t.Mastercard == nil {
		c.refuse("visa", "is missing, and so is mastercard; one of them is needed")
	}
	if t.Visa != nil {
		c.visa("visa", t.Visa)
	}
	if t.Mastercard != nil {
		c.mastercard("mastercard", t.Mastercard)
	}
	if t.Notices != nil {
		if _, _, err := net.SplitHostPort(t.Notices.Listen); err != nil {
			c.refuse("notices.listen", "must be host:port, where the target sends its notices")
		}
	}
	c.control(t.Control)
}

func (c *targetChecker) visa(path string, v *Visa) {
	c.url(path+".url", v.URL)
	c.trid(path+".trid", v.TRID)
	c.keyPair(path+".signing", &v.Signing)
	c.keyPair(path+".encryption", v.Encryption)
	c.keyPair(path+".outbound", v.Outbound)
	if !slices.Contains([]int{0, 200, 201}, v.Created) {
		c.refuse(path+".created", "must be 200 or 201")
	}
	c.cards(path+".cards", token.Visa, &v.Cards)
	if v.Other == nil {
		return
	}
	if v.Other.Other != nil {
		c.refuse(path+".other.other", "there is no third requestor")
	}
	v.Other.Other = nil
	c.visa(path+".other", v.Other)
}

func (c *targetChecker) errorStatuses(path string, m *Mastercard) {
	status := func(key string, n int) {
		if n < 200 || n > 599 {
			c.refuse(path+"."+key, "must be an HTTP status from 200 to 599")
		}
	}
	if m.ErrorStatus != 0 {
		status("errorStatus", m.ErrorStatus)
	}
	for _, code := range slices.Sorted(maps.Keys(m.ErrorStatuses)) {
		status("errorStatuses."+code, m.ErrorStatuses[code])
	}
}

func (c *targetChecker) keyPair(path string, k *KeyPair) {
	if k != nil && c.need(path+".apiKey", k.APIKey) {
		c.need(path+".secret", string(k.Secret))
	}
}

func (c *targetChecker) mastercard(path string, m *Mastercard) {
	c.url(path+".url", m.URL)
	c.trid(path+".trid", m.TRID)
	if _, err := mdes.ParseEnvironment(m.Environment); err != nil {
		c.refuse(path+".environment", "must be static, mtf or left out")
	}
	c.need(path+".consumerKey", m.ConsumerKey)
	c.pem(path+".signingKey", (*string)(&m.SigningKey))
	c.pem(path+".encryptionCertificate", &m.EncryptionCertificate)
	c.pem(path+".decryptionKey", (*string)(&m.DecryptionKey))
	if m.DecryptionCertificate != "" {
		c.pem(path+".decryptionCertificate", &m.DecryptionCertificate)
	}
	c.errorStatuses(path, m)
	if len(c.found) == 0 {
		if _, err := newMastercardKeys(*m); err != nil {
			c.refuse(path, "%v", err)
		}
	}
	c.cards(path+".cards", token.Mastercard, &m.Cards)
	if m.Other == nil {
		return
	}
	if m.Other.Other != nil {
		c.refuse(path+".other.other", "there is no third requestor")
	}
	m.Other.Other = nil
	c.mastercard(path+".other", m.Other)
}

// pem replaces a file name by the file's text. The text itself is judged when
// clients are built.
func (c *targetChecker) pem(path string, text *string) {
	if !c.need(path, *text) || strings.Contains(*text, "-----BEGIN ") {
		return
	}
	name := *text
	if !filepath.IsAbs(name) {
		name = filepath.Join(filepath.Dir(c.file), name)
	}
	data, err := readPEM(name)
	switch block, _ := pem.Decode(data); {
	case err != nil:
		c.refuse(path, "is neither PEM text nor the name of a readable file")
	case block == nil:
		c.refuse(path, "the file holds no PEM text")
	default:
		*text = string(data)
	}
}

func (c *targetChecker) url(path, text string) {
	if !c.need(path, text) {
		return
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || u.RawQuery != "" || u.User != nil {
		c.refuse(path, "must be http(s)://host[:port][/path]")
	}
}

func (c *targetChecker) trid(path string, id token.TRID) {
	if _, err := token.ParseTRID(string(id)); err != nil {
		c.refuse(path, "must be 11 digits, in quotes")
	}
}

// cards resolves names of listed cards and checks the numbers.
func (c *targetChecker) cards(path string, network token.Network, cards *Cards) {
	roles := []struct {
		name string
		list []Number
	}{
		{"success", cards.Success},
		{"declined", cards.Declined},
		{"stepUp", cards.StepUp},
		{"delayed", cards.Delayed},
		{"ruled", cards.Ruled},
	}
	for _, role := range roles {
		for i := range role.list {
			role.list[i] = c.number(path+"."+role.name, network, role.list[i])
		}
	}
	for key, number := range cards.Keys {
		if _, ok := token.KeyOf(network, key); !ok {
			c.refuse(path+".keys."+string(key), "is no documented key; accepted: %s", strings.Join(token.KeyNames(network), ", "))
		}
		cards.Keys[key] = c.number(path+".keys."+string(key), network, number)
	}
	if len(cards.Delayed) > 0 && cards.Activation == 0 {
		c.refuse(path+".activation", "is missing: how long do tokens of delayed cards stay inactive?")
	}
}

func (c *targetChecker) number(path string, network token.Network, n Number) Number {
	n = n.resolved()
	if pan, err := token.ParsePAN(string(n)); err != nil || pan.Network() != network {
		c.refuse(path, "must be test card numbers of %s in quotes, or names of listed ones such as test/%s/1", network, network)
	}
	return n
}

func (c *targetChecker) control(k Control) {
	switch k.Kind {
	case ControlAdmin:
		if _, err := control.New(k.URL, nil, ""); err != nil {
			c.refuse("control.url", "must be http(s)://host[:port] of the control door")
		}
	case ControlHook:
		if len(k.Command) == 0 {
			c.refuse("control.command", "is missing: the program that does what is asked, with its arguments")
		}
	case ControlNone:
	case "":
		c.refuse("control.kind", "is missing; accepted: admin, hook, none")
	default:
		c.refuse("control.kind", "accepted: admin, hook, none")
	}
}
