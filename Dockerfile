# syntax=docker/dockerfile:1
# The command line in a container: docker run --rm -v "$PWD:/work" -w /work --env-file .env odoo-steward plan
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json ./
COPY config/tooling/tsconfig.build.json config/tooling/
COPY src ./src
RUN npm run build && npm prune --omit=dev

FROM node:24-slim
RUN apt-get update && apt-get install --yes --no-install-recommends git ca-certificates && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY config/*.schema.json ./config/
RUN ln -s /app/dist/cli.js /usr/local/bin/odoo-steward
USER node
ENTRYPOINT ["odoo-steward"]
