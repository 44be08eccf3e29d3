"""`python -m service` is `commentdesk`: how the supervisor starts its processes."""

from service.cli import main

if __name__ == "__main__":
    main()
