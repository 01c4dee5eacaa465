package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pantomime-dev/pantomime/control"
)

func newEnv(a *app) *cobra.Command {
	var dir, requestor string
	cmd := a.calls(&cobra.Command{
		Use: "env", Short: "Print or write all a client needs: base URLs, credentials, keys, certificates", Args: words(),
		Long: "Prints what a token requestor needs to talk to both networks: as assignments for a shell, or with -o json all of\n" +
			"it, keys and certificates included. --write puts keys and certificates into files that only you can read: in PEM, and each\n" +
			"private key with its certificate in PKCS #12 too. It replaces files of these names, and follows no link.\n" +
			"They are our own test keys; none of them is a secret of anybody.",
	})
	cmd.Flags().StringVar(&dir, "write", "", "folder to write keys and certificates to")
	cmd.Flags().StringVar(&requestor, "requestor", "", "token requestor (default the only one)")
	f := formats(cmd, "sh")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		c, err := a.client(patience)
		if err != nil {
			return err
		}
		env, err := c.Env(cmd.Context())
		if err != nil {
			return err
		}
		if !f.forPeople() && dir == "" && requestor == "" {
			return a.print(f, env, nil)
		}
		who, err := oneRequestor(env, requestor)
		if err != nil {
			return err
		}
		lines := env.Variables(who)
		if dir != "" {
			if lines, err = writeKeys(dir, lines, who); err != nil {
				return usage("%w", err)
			}
		}
		env.Requestors = []control.Credentials{who}
		return a.print(f, env, func(w io.Writer) {
			for _, l := range lines {
				fmt.Fprintf(w, "export %s=%s\n", l[0], quote(l[1]))
			}
		})
	}
	return cmd
}

// oneRequestor picks the requestor whose credentials are meant; of several, one
// must be named.
func oneRequestor(env control.Env, name string) (control.Credentials, error) {
	if name == "" && len(env.Requestors) > 1 {
		return control.Credentials{}, usage("there are several token requestors: name one with --requestor; accepted: %s", requestorNames(env))
	}
	return findRequestor(env, name)
}

// findRequestor finds a requestor by name; without one it is the first.
func findRequestor(env control.Env, name string) (control.Credentials, error) {
	who, ok := env.Requestor(name)
	if !ok {
		return who, unknown(name, strings.Split(requestorNames(env), ", "), "--requestor %q is none of this sandbox; accepted: %s", name, requestorNames(env))
	}
	return who, nil
}

func requestorNames(env control.Env) string {
	var names []string
	for _, c := range env.Requestors {
		names = append(names, c.Requestor)
	}
	return strings.Join(names, ", ")
}
