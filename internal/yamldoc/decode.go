package yamldoc

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Decode reads a document into v, a pointer to a struct, map or slice. Keys are
// matched with `yaml:"name"` tags (or the lower-case field name); a key that no
// field takes is an error that lists the accepted ones. Text fields take plain
// and quoted values as written; durations are written "1m30s"; types with
// UnmarshalText read themselves. A null leaves the field as it is. The error,
// if any, is an [Errors]; messages never show a value, as files may hold keys.
func Decode(file string, data []byte, v any) error {
	root, err := Parse(file, data)
	var errs Errors
	if err != nil && !errors.As(err, &errs) || root == nil {
		return err
	}
	d := &decoder{file: file, errs: errs}
	d.value(root, reflect.ValueOf(v).Elem())
	return d.errs.orNil()
}

type decoder struct {
	file string
	errs Errors
}

func (d *decoder) complain(n *Node, format string, args ...any) {
	d.errs.add(n.Errorf(d.file, format, args...))
}

var duration = reflect.TypeFor[time.Duration]()

func (d *decoder) value(n *Node, v reflect.Value) {
	if n.Kind == Bad || n.IsNull() {
		return
	}
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		d.value(n, v.Elem())
		return
	}
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if d.want(n, Scalar) {
			d.result(n, u.UnmarshalText([]byte(n.Text)))
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		if d.want(n, Map) {
			d.structure(n, v)
		}
	case reflect.Map:
		if d.want(n, Map) {
			d.mapping(n, v)
		}
	case reflect.Slice:
		if d.want(n, List) {
			d.list(n, v)
		}
	default:
		if d.want(n, Scalar) {
			d.result(n, setScalar(n.Text, v))
		}
	}
}

func (d *decoder) want(n *Node, kind Kind) bool {
	if n.Kind != kind {
		d.complain(n, "%s is expected here, not %s", kind, n.Kind)
	}
	return n.Kind == kind
}

func (d *decoder) result(n *Node, err error) {
	if err != nil {
		d.complain(n, "%v", err)
	}
}

func (d *decoder) structure(n *Node, v reflect.Value) {
	names := fieldNames(v.Type())
	for _, f := range n.Fields {
		i := slices.Index(names, f.Key.Text)
		if i < 0 {
			accepted := slices.DeleteFunc(slices.Clone(names), func(s string) bool { return s == "" })
			d.complain(f.Key, "unknown key %s; accepted: %s", quote(f.Key.Text), strings.Join(accepted, ", "))
			continue
		}
		d.value(f.Value, v.Field(i))
	}
}

// fieldNames holds the key of each field, "" for one that takes none.
func fieldNames(t reflect.Type) []string {
	names := make([]string, t.NumField())
	for i := range names {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		switch {
		case !f.IsExported() || name == "-":
		case name == "":
			names[i] = strings.ToLower(f.Name)
		default:
			names[i] = name
		}
	}
	return names
}

func (d *decoder) mapping(n *Node, v reflect.Value) {
	if v.IsNil() {
		v.Set(reflect.MakeMapWithSize(v.Type(), len(n.Fields)))
	}
	for _, f := range n.Fields {
		item := reflect.New(v.Type().Elem()).Elem()
		d.value(f.Value, item)
		v.SetMapIndex(reflect.ValueOf(f.Key.Text).Convert(v.Type().Key()), item)
	}
}

func (d *decoder) list(n *Node, v reflect.Value) {
	items := reflect.MakeSlice(v.Type(), len(n.Items), len(n.Items))
	for i, item := range n.Items {
		d.value(item, items.Index(i))
	}
	v.Set(items)
}

func setScalar(text string, v reflect.Value) error {
	switch {
	case v.Type() == duration:
		parsed, err := time.ParseDuration(text)
		if err != nil {
			return errors.New(`a duration such as "1m30s" is expected here`)
		}
		v.SetInt(int64(parsed))
	case v.Kind() == reflect.String:
		v.SetString(text)
	case v.Kind() == reflect.Bool:
		if text != "true" && text != "false" {
			return errors.New("true or false is expected here")
		}
		v.SetBool(text == "true")
	case v.CanInt():
		parsed, err := strconv.ParseInt(text, 10, v.Type().Bits())
		if err != nil {
			return errors.New("a whole number is expected here")
		}
		v.SetInt(parsed)
	case v.CanUint():
		parsed, err := strconv.ParseUint(text, 10, v.Type().Bits())
		if err != nil {
			return errors.New("a whole number from 0 is expected here")
		}
		v.SetUint(parsed)
	default:
		return fmt.Errorf("no value can be read into a %s", v.Type())
	}
	return nil
}
